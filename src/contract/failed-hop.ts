import type { Hop } from './hop.ts';

/** The role that was not assumed, as data; never shown as it is, because a hop may hold secrets. */
export interface FailedHop {
  /** With its label, its profile and all settings that were sent. */
  readonly hop: Hop;
  readonly roleArn: string;
  readonly region: string;
  /** Counted from 1, in the trunk or in the branch. */
  readonly position: number;
  readonly of: number;
  /** Whose credentials signed; absent: the request had a token. */
  readonly signer?: HopSigner | undefined;
}

/** Who signed a request. */
export interface HopSigner {
  /** The role that the plan names; absent: the source's own credentials. */
  readonly roleArn?: string | undefined;
  /** The ARN of the session or the user, if it is known. */
  readonly arn?: string | undefined;
}
