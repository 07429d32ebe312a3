import type { Retrieved, WebIdentity } from '../contract/credentials.ts';
import { cognitoSource } from './cognito/cognito.ts';
import { containerSource } from './container/container.ts';
import { environmentSource } from './environment/environment.ts';
import { instanceSource } from './instance/instance.ts';
import { oidcSource } from './oidc/oidc.ts';
import { processSource } from './process/process.ts';
import { profileSource } from './profile/profile.ts';
import { sealedSource } from './sealed/sealed.ts';
import { type Effects, type Strategy, strategyFor } from './source.ts';
import { ssoSource } from './sso/sso.ts';
import { staticSource } from './static/static.ts';
import { webIdentitySource } from './web-identity/web-identity.ts';

/** Every source, in the order in which `auto` asks what the job and the machine selection. */
const strategies = [
  oidcSource,
  staticSource,
  ssoSource,
  sealedSource,
  processSource,
  cognitoSource,
  environmentSource,
  webIdentitySource,
  containerSource,
  profileSource([
    staticSource,
    ssoSource,
    processSource,
    environmentSource,
    webIdentitySource,
    containerSource,
    instanceSource,
  ]),
  instanceSource,
] as const;

/** Any source, as data. */
export type Source = Parameters<(typeof strategies)[number]['retrieve']>[0];

/** The registry: selection, dispatch and messages derive from it. */
export const sources: readonly Strategy<Source>[] = strategies;

/** The source's one line for the log. */
export function describeSource(source: Source): string {
  return strategyFor(source.kind, sources).describe(source);
}

/** Gets the source's credentials, or the way to its token. Throws CredentialError. */
export function retrieve(source: Source, effects: Effects): Promise<Retrieved | WebIdentity> {
  return strategyFor(source.kind, sources).retrieve(source, effects);
}
