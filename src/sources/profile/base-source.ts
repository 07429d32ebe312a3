import type { Profile } from '../../contract/profiles.ts';
import { warnNotSentWithWebIdentity, webIdentityHop } from '../../roles/web-identity.ts';
import type { ContainerSource } from '../container/select.ts';
import { type EnvironmentSource, missingKeys } from '../environment/environment.ts';
import type { InstanceSource } from '../instance/select.ts';
import type { ProcessSource } from '../process/process.ts';
import { type Applicable, type Selection, type SourceContext, type Strategy, strategyFor } from '../source.ts';
import type { SsoSource } from '../sso/settings.ts';
import type { StaticSource } from '../static/static.ts';
import type { WebIdentitySource } from '../web-identity/select.ts';
import type { Base } from './expansion.ts';
import { hopOf } from './hop.ts';

/** What a profile's first credentials may come from, as the data of the source that gets them. */
export type BaseSource =
  | StaticSource
  | EnvironmentSource
  | WebIdentitySource
  | SsoSource
  | ContainerSource
  | InstanceSource
  | SsoSource
  | ProcessSource;

/** The sources that a profile may stand for; those of the machine are asked what it offers. */
export type Bases = readonly Strategy<BaseSource>[];

/** The source that a profile's first credentials come from, and `context.roles` after it. Throws INPUT_INVALID. */
export function selectBase(
  base: Base,
  context: SourceContext,
  bases: Bases,
): Selection<BaseSource> | Promise<Selection<BaseSource>> {
  switch (base.from) {
    case 'keys':
      return candidate({ kind: 'static', credentials: base.credentials }, context);
    case 'Environment':
      return missingKeys(context.env) ?? candidate({ kind: 'environment' }, context);
    case 'web identity':
      return withToken(base.profile, context);
    case 'Ec2InstanceMetadata':
      return strategyFor('instance', bases).select(context);
    case 'EcsContainer':
      return strategyFor('container', bases).select(context);
    case 'process':
      return candidate({ kind: 'process', command: base.command, origin: 'credential_process' }, context);
    case 'sso':
      return withLogin(base.profile, context);
  }
}

function candidate(source: BaseSource, { roles }: SourceContext): Applicable<BaseSource> {
  return { source, because: 'a profile says so', hops: roles, roleSession: false };
}

/** Settings of IAM Identity Center, and the token that the CLI keeps on this machine. */
async function withLogin(profile: Profile, context: SourceContext): Promise<Applicable<BaseSource>> {
  const { sourceOfProfile } = await import('../sso/select.ts');
  const source = sourceOfProfile(profile, await context.profiles(), context.inputs);
  return { ...candidate(source, context), roleSession: true, mayBeEmpty: true };
}

function withToken(profile: Profile, context: SourceContext): Applicable<BaseSource> {
  const { inputs, roles } = context;
  const asked = hopOf(profile, { place: roles.length === 0 ? 'last' : 'before others', signer: 'any' }, context);
  const file = profile.get('web_identity_token_file') ?? '';
  return {
    ...candidate({ kind: 'web-identity', file, origin: 'web_identity_token_file' }, context),
    hops: [webIdentityHop(asked, inputs), ...roles],
    firstHop: 'web identity',
    warnings: warnNotSentWithWebIdentity(asked, roles, inputs),
  };
}
