import type { Retrieved, WebIdentity } from '../contract/credentials.ts';
import { CredentialError, type ErrorCode } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Aws, Env, Host, Job, Network } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';

/** What a source may look at while the step is planned: no request, and no file but the shared ones of AWS. */
export interface SourceContext {
  readonly inputs: Inputs;
  readonly env: Env;
  /** The roles asked for, first to last. */
  readonly roles: readonly Hop[];
  /** Throws INPUT_INVALID if neither an input nor the environment names one. */
  requireRegion(): string;
  /** See Host. */
  readonly profiles: Host['profiles'];
}

/** What a source offers for a context: itself as data and the roles that are left to assume after it, or why it does not apply. */
export type Selection<S> = Applicable<S> | NotApplicable;

/** A source that applies. */
export interface Applicable<S> {
  readonly source: S;
  /** Why it applies, for the log; never a secret. */
  readonly because: string;
  readonly hops: readonly Hop[];
  /** Whether its credentials are surely a role's session, so that AWS's one-hour limit of role chaining holds for the next hop. */
  readonly roleSession: boolean;
  /** `web identity`: the source has a token instead of credentials, and the first hop is assumed with it. */
  readonly firstHop?: 'web identity' | undefined;
  /** The region that it brings along, for where neither an input nor the environment names one. */
  readonly region?: string | undefined;
  /** The endpoints that it brings along, for services of which neither an input nor the environment names one. */
  readonly endpoints?: Network['endpoints'] | undefined;
  /** Only the request shows whether it has credentials; the next source is then kept as a fallback. */
  readonly mayBeEmpty?: true | undefined;
  /** What the user asked for and will not get from it. */
  readonly warnings?: readonly string[] | undefined;
}

/** Why a source does not apply, and what to do for it to. */
export interface NotApplicable {
  readonly reason: CredentialError;
  /** Something in the job names it, so the log says that it was skipped. */
  readonly requestedExplicitly?: true | undefined;
}

/** Everything a source may touch when it retrieves. */
export interface Effects {
  readonly aws: Aws;
  readonly host: Host;
  /** For what the user should hear while a source is asked; never a secret. */
  readonly log?: Pick<Job, 'info' | 'warn'> | undefined;
}

/** One source of credentials: one file in this folder and one line in its registry. */
export interface Strategy<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** The order in which configure-aws-credentials takes the sources that it lets be claimed together. */
  readonly claimRank?: number | undefined;
  /** The input that asks for this source by being given, for rule 1 of `auto`. */
  claim(inputs: Inputs): string | undefined;
  /** Throws INPUT_INVALID, naming the input, where it is half configured. */
  select(context: SourceContext): Selection<S> | Promise<Selection<S>>;
  /** One line for the log, never a secret. */
  describe(source: S): string;
  /** Throws CredentialError; NO_SOURCE where it has nothing to selection, after which the next source is tried, if there is one. */
  retrieve(source: S, effects: Effects): Promise<Retrieved | WebIdentity>;
}

/** An absence with its reason, a clause that follows "source: ". */
export function notApplicable(reason: string, hint: string, code: ErrorCode = 'NO_SOURCE'): NotApplicable {
  return { reason: new CredentialError(code, reason, { hint }) };
}

/** The strategy of a kind. */
export function strategyFor<S extends { readonly kind: string }>(
  kind: S['kind'],
  strategies: readonly Strategy<S>[],
): Strategy<S> {
  const strategy = strategies.find((candidate) => candidate.kind === kind);
  if (strategy === undefined) throw new Error(`no strategy for the source ${kind}`);
  return strategy;
}
