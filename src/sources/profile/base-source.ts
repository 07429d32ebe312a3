import type { Profile } from '../../contract/profiles.ts';
import { tokenHop, uncarried } from '../../roles/web-identity.ts';
import type { ContainerSource } from '../container/select.ts';
import { type EnvironmentSource, lackOfKeys } from '../environment/environment.ts';
import type { InstanceSource } from '../instance/select.ts';
import type { ProcessSource } from '../process/process.ts';
import { type Candidate, type Offer, type Strategy, strategyFor, type Wish } from '../source.ts';
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

/** The source that a profile's first credentials come from, and `wish.roles` after it. Throws INPUT_INVALID. */
export function baseOffer(base: Base, wish: Wish, bases: Bases): Offer<BaseSource> | Promise<Offer<BaseSource>> {
  switch (base.from) {
    case 'keys':
      return candidate({ kind: 'static', credentials: base.credentials }, wish);
    case 'Environment':
      return lackOfKeys(wish.env) ?? candidate({ kind: 'environment' }, wish);
    case 'web identity':
      return withToken(base.profile, wish);
    case 'Ec2InstanceMetadata':
      return strategyFor('instance', bases).select(wish);
    case 'EcsContainer':
      return strategyFor('container', bases).select(wish);
    case 'process':
      return candidate({ kind: 'process', command: base.command, origin: 'credential_process' }, wish);
    case 'sso':
      return withLogin(base.profile, wish);
  }
}

function candidate(source: BaseSource, { roles }: Wish): Candidate<BaseSource> {
  return { source, because: 'a profile says so', hops: roles, roleSession: false };
}

/** Settings of IAM Identity Center, and the token that the CLI keeps on this machine. */
async function withLogin(profile: Profile, wish: Wish): Promise<Candidate<BaseSource>> {
  const { sourceOfProfile } = await import('../sso/select.ts');
  const source = sourceOfProfile(profile, await wish.profiles(), wish.inputs);
  return { ...candidate(source, wish), roleSession: true, standing: 'uncertain' };
}

function withToken(profile: Profile, wish: Wish): Candidate<BaseSource> {
  const { inputs, roles } = wish;
  const asked = hopOf(profile, { place: roles.length === 0 ? 'last' : 'before others', signer: 'any' }, wish);
  const file = profile.get('web_identity_token_file') ?? '';
  return {
    ...candidate({ kind: 'web-identity', file, origin: 'web_identity_token_file' }, wish),
    hops: [tokenHop(asked, inputs), ...roles],
    firstHop: 'web identity',
    warnings: uncarried(asked, roles, inputs),
  };
}
