import { CredentialError, invalidInput } from '../../contract/errors.ts';
import { isAccountId } from '../../formats/patterns.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { parseRoleArn } from '../../roles/role.ts';
import { warnNotSentWithWebIdentity, webIdentityHop } from '../../roles/web-identity.ts';
import { firstRole, type Selection, type SourceContext } from '../source.ts';
import { describeLoginSource, type LoginSource, readLoginSource, whyNoLogins } from './logins.ts';

/** An identity of a Cognito identity pool. */
export interface CognitoSource {
  readonly kind: 'cognito';
  /** The pool's region, which may differ from the job's. */
  readonly region: string;
  readonly who: CognitoSubject;
  readonly loginSource: LoginSource;
  readonly flow: CognitoFlow;
  /** For the log. */
  readonly description: string;
}

type CognitoSubject =
  | { readonly pool: string; readonly accountId?: string | undefined }
  | { readonly identity: string };

/** Cognito returns a role's session itself (enhanced), or a token with which the first role is assumed (basic). */
type CognitoFlow = { readonly kind: 'enhanced'; readonly roleArn?: string | undefined } | { readonly kind: 'basic' };

/** Reads the inputs of Cognito; `claim` is the first one given. Throws CredentialError. */
export function selectCognito(context: SourceContext, claim: string): Selection<CognitoSource> {
  const { inputs, env, roles, branches = [] } = context;
  const { region, who } = readWho(inputs, claim);
  const reason = whyNoLogins(inputs, env);
  if (reason !== undefined) return { reason };
  const loginSource = readLoginSource(inputs);
  const flow = readFlow(context, loginSource);
  const description = describe({ who, loginSource });
  const source: CognitoSource = { kind: 'cognito', region, who, loginSource, flow, description };
  const because = `"${claim}" is given`;
  const [, ...others] = roles;
  const first = firstRole(context);
  if (first === undefined || flow.kind === 'enhanced') return { source, because, hops: roles, roleSession: true };
  return {
    source,
    because,
    hops: roles.length === 0 ? [] : [webIdentityHop(first, inputs), ...others],
    roleSession: false,
    firstHop: 'web identity',
    warnings: roles.length === 0 ? [] : warnNotSentWithWebIdentity(first, [...others, ...branches.flat()], inputs),
  };
}

function describe({ who, loginSource }: Pick<CognitoSource, 'who' | 'loginSource'>): string {
  const name = 'pool' in who ? `pool ${who.pool}` : 'identity';
  return `cognito ${name} (${describeLoginSource(loginSource)})`;
}

/** REGION:GUID, for pools and identities. */
const idPattern = /^([a-z0-9]+(?:-[a-z0-9]+)+):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readWho(inputs: Inputs, claim: string): Pick<CognitoSource, 'region' | 'who'> {
  const pool = inputs.optional('cognito-identity-pool-id');
  const identity = inputs.optional('cognito-identity-id');
  const accountId = inputs.optional('cognito-account-id');
  const id = pool ?? identity;
  if (id === undefined) {
    throw invalidInput(claim, 'is given without a pool.', 'Provide the pool in "cognito-identity-pool-id" too.');
  }
  if (pool !== undefined && identity !== undefined) {
    const message = 'Inputs "cognito-identity-pool-id" and "cognito-identity-id" each select an identity';
    throw new CredentialError('INPUT_CONFLICT', message, {
      hint: 'Keep one of them: the pool, unless the job must use one specific identity.',
    });
  }
  const region = idPattern.exec(id)?.[1];
  if (region === undefined) {
    const name = pool === undefined ? 'cognito-identity-id' : 'cognito-identity-pool-id';
    const hint = 'Write, for example, us-east-1:12345678-1234-1234-1234-123456789012.';
    throw invalidInput(name, 'is not of the form REGION:GUID.', hint);
  }
  if (accountId !== undefined && pool === undefined) {
    const hint = 'Omit it: an identity has one account.';
    throw invalidInput('cognito-account-id', 'requires "cognito-identity-pool-id", which is not given.', hint);
  }
  if (accountId !== undefined && !isAccountId(accountId)) {
    const hint = 'Write its 12 digits, in quotes so that YAML keeps leading zeros.';
    throw invalidInput('cognito-account-id', 'is not an account ID.', hint);
  }
  return { region, who: pool === undefined ? { identity: id } : { pool, accountId } };
}

function readFlow(context: SourceContext, loginSource: LoginSource): CognitoFlow {
  const { inputs } = context;
  const flow = inputs.optional('cognito-flow') ?? 'enhanced';
  const roleArn = inputs.optional('cognito-role-arn');
  if (flow !== 'enhanced' && flow !== 'basic') {
    throw invalidInput('cognito-flow', 'must be enhanced or basic.', 'Write "cognito-flow: basic", or omit it.');
  }
  if (roleArn !== undefined && !parseRoleArn(roleArn)) {
    throw invalidInput('cognito-role-arn', 'is not the ARN of a role.', 'Write arn:aws:iam::111122223333:role/NAME.');
  }
  if (roleArn !== undefined && loginSource.by === 'nobody') {
    const hint = 'Omit it: a guest gets the role that the pool has for guests.';
    throw invalidInput('cognito-role-arn', 'is given for a guest ("cognito-logins: {}").', hint);
  }
  if (flow === 'enhanced') return { kind: 'enhanced', roleArn };
  if (roleArn !== undefined) {
    const hint = 'Provide the role in "role-to-assume": the basic flow assumes it with the Cognito token.';
    throw invalidInput('cognito-role-arn', 'cannot be used with "cognito-flow: basic".', hint);
  }
  if (firstRole(context) !== undefined) return { kind: 'basic' };
  const hint = 'Provide in "role-to-assume" the role that trusts cognito-identity.amazonaws.com.';
  throw invalidInput('cognito-flow', 'is basic, but no role to assume is given.', hint);
}
