import type { Retrieved, WebIdentity } from '../contract/credentials.ts';
import { cognito } from './cognito/cognito.ts';
import { container } from './container/container.ts';
import { environment } from './environment/environment.ts';
import { instance } from './instance/instance.ts';
import { oidc } from './oidc/oidc.ts';
import { credentialProcess } from './process/process.ts';
import { profileOver } from './profile/profile.ts';
import { sealed } from './sealed/sealed.ts';
import { type Effects, type Strategy, strategyFor } from './source.ts';
import { sso } from './sso/sso.ts';
import { staticKeys } from './static/static.ts';
import { webIdentity } from './web-identity/web-identity.ts';

/** Every source, in the order in which `auto` asks what the job and the machine offer. */
const strategies = [
  oidc,
  staticKeys,
  sso,
  sealed,
  credentialProcess,
  cognito,
  environment,
  webIdentity,
  container,
  profileOver([staticKeys, sso, credentialProcess, environment, webIdentity, container, instance]),
  instance,
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
