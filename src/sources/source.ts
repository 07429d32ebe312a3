import type { Retrieved, WebIdentity } from '../contract/credentials.ts';
import { CredentialError, type ErrorCode } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Aws, Env, Host, Job, Network } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';

/** What a source may read while the step is planned: no request, and no file except the shared AWS files. */
export interface SourceContext {
  readonly inputs: Inputs;
  readonly env: Env;
  /** The requested roles, first to last. */
  readonly roles: readonly Hop[];
  /** The roles of each profile of `profiles`, which come after `roles`, or after the source if there are none; absent: the input is not given. */
  readonly branches?: readonly (readonly Hop[])[] | undefined;
  /** Throws INPUT_INVALID if neither an input nor the environment names one. */
  requireRegion(): string;
  /** See Host. */
  readonly profiles: Host['profiles'];
}

/** The source as data with the roles to assume after it, or why it does not apply. */
export type Selection<S> = Applicable<S> | NotApplicable;

/** A source that applies. */
export interface Applicable<S> {
  readonly source: S;
  /** Why it applies, for the log; never a secret. */
  readonly because: string;
  readonly hops: readonly Hop[];
  /** Whether its credentials are always a role's session, so that the one-hour limit of role chaining applies to the next hop. */
  readonly roleSession: boolean;
  /** `web identity`: the source returns a token, with which the first hop is assumed. */
  readonly firstHop?: 'web identity' | undefined;
  /** Its region, used if neither an input nor the environment names one. */
  readonly region?: string | undefined;
  /** Its endpoints, used for services without one in the inputs or the environment. */
  readonly endpoints?: Network['endpoints'] | undefined;
  /** Only the request shows whether it has credentials; the next source is then kept as a fallback. */
  readonly mayBeEmpty?: true | undefined;
  /** Settings of the user that this source ignores. */
  readonly warnings?: readonly string[] | undefined;
}

/** Why a source does not apply, with a hint. */
export interface NotApplicable {
  readonly reason: CredentialError;
  /** The job names it, so the log shows that it was skipped. */
  readonly requestedExplicitly?: true | undefined;
}

/** The ports that a source may use to retrieve credentials. */
export interface Effects {
  readonly aws: Aws;
  readonly host: Host;
  /** For messages during retrieval; never a secret. */
  readonly log?: Pick<Job, 'info' | 'warn'> | undefined;
}

/** One source of credentials: one folder and one line in the registry. */
export interface Strategy<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** The order among sources that configure-aws-credentials allows to be claimed together. */
  readonly claimRank?: number | undefined;
  /** The given input that selects this source, for rule 1 of `auto`. */
  claim(inputs: Inputs): string | undefined;
  /** Throws INPUT_INVALID, naming the input, if the configuration is incomplete. */
  select(context: SourceContext): Selection<S> | Promise<Selection<S>>;
  /** One line for the log, never a secret. */
  describe(source: S): string;
  /** Throws CredentialError; NO_SOURCE if it has no credentials, after which the next source is tried. */
  retrieve(source: S, effects: Effects): Promise<Retrieved | WebIdentity>;
}

/** The role that the source's credentials or token are for first: a shared one, or the first profile's. */
export function firstRole({ roles, branches = [] }: SourceContext): Hop | undefined {
  return roles[0] ?? branches.find((hops) => hops.length > 0)?.[0];
}

/** Whether a role comes after those that the source brings along. */
export function hasRolesAfter({ roles, branches }: SourceContext): boolean {
  return roles.length > 0 || branches !== undefined;
}

/** A NotApplicable; the reason is a clause that follows "source: ". */
export function notApplicable(reason: string, hint: string, code: ErrorCode = 'NO_SOURCE'): NotApplicable {
  return { reason: new CredentialError(code, reason, { hint }) };
}

/** The strategy of a kind. Throws Error if there is none. */
export function strategyFor<S extends { readonly kind: string }>(
  kind: S['kind'],
  strategies: readonly Strategy<S>[],
): Strategy<S> {
  const strategy = strategies.find((candidate) => candidate.kind === kind);
  if (strategy === undefined) throw new Error(`no strategy for the source ${kind}`);
  return strategy;
}
