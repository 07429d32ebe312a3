import { type AssumeRequest, type KeyNote, readSigner, type Sent, type Signer } from '../formats/trust-policy.ts';

/** What is known of a refused role: data only, never the token. */
export type Refusal = RefusedToken | RefusedSignature;

interface RefusedRole {
  readonly roleArn: string;
  /** What messages call the role: the input's name, or its place in a chain or profile. */
  readonly label: string;
  /** AWS's own words. */
  readonly message: string;
}

/** AssumeRoleWithWebIdentity was refused. */
export interface RefusedToken extends RefusedRole {
  readonly how: 'token';
  /** The token's `iss`; undefined if the token is not a JWT. */
  readonly issuer?: string | undefined;
  /** The token's claims that are text; only those that AWS has keys for and `event_name` are shown. */
  readonly claims: Readonly<Record<string, string>>;
  /** Default: all claims. */
  readonly known?: 'all claims' | 'some claims' | undefined;
  readonly sessionName?: string | undefined;
}

/** AssumeRole was refused. */
export interface RefusedSignature extends RefusedRole {
  readonly how: 'signature';
  /** Who signs: the role's ARN if the plan names it, else the ARN of the session or user if that is known. */
  readonly caller?: string | undefined;
  /** Of an IAM user; only long-term keys certainly have no second factor. Default: temporary. */
  readonly callerKeys?: 'long-term' | 'temporary' | undefined;
  readonly sent: Sent;
  /** How many session policies were sent. */
  readonly sessionPolicies?: number | undefined;
}

/** How texts are shown: account ids are left out if they are hidden. */
export type Accounts = 'shown' | 'hidden';

/** A cause, for tests and tables, and the words that name it. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

export type ReasonCode =
  | KeyNote
  | SubjectPart
  | 'letter case'
  | 'literal wildcard'
  | 'too short'
  | 'ids'
  | 'names'
  | 'colon'
  | 'blanks'
  | 'quotes'
  | 'list in one text'
  | 'short ref'
  | 'no prefix'
  | 'ARN operator'
  | 'excluded'
  | 'absent'
  | 'present'
  | 'no values'
  | 'value'
  | 'action'
  | PrincipalPart
  | 'differ';

/** What a subject is made of; the kinds are those of the token. */
export type SubjectPart =
  | 'owner'
  | 'repository'
  | 'owner id'
  | 'repository id'
  | 'environment'
  | 'pull request'
  | 'branch'
  | 'tag'
  | 'customized'
  | 'unknown form';

export type PrincipalPart =
  | 'kind of principal'
  | 'path'
  | 'account'
  | 'partition'
  | 'provider'
  | 'role name'
  | 'session name'
  | 'principal wildcard'
  | 'deleted principal';

/** Who signed, from the plan and from AWS's words. */
export function signerOf({ caller, callerKeys, message }: RefusedSignature): Signer | undefined {
  return readSigner(caller, /User: (arn:\S+) is not authorized/.exec(message)?.[1], callerKeys);
}

/** The refused request, as the evaluator takes it. */
export function requestOf(refusal: Refusal): AssumeRequest {
  if (refusal.how === 'signature') {
    return { how: 'signature', roleArn: refusal.roleArn, signer: signerOf(refusal), sent: refusal.sent };
  }
  const { roleArn, issuer = '', claims, known = 'all claims', sessionName } = refusal;
  return { how: 'token', roleArn, issuer, claims, known, sessionName };
}
