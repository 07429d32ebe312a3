import { CredentialError, invalidInput } from '../../contract/errors.ts';
import { isAccountId } from '../../formats/patterns.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { parseRoleArn } from '../../roles/role.ts';
import { warnNotSentWithWebIdentity, webIdentityHop } from '../../roles/web-identity.ts';
import type { Selection, SourceContext } from '../source.ts';
import { describeLoginSource, type LoginSource, readLoginSource, whyNoLogins } from './logins.ts';

/** An identity of a Cognito identity pool. */
export interface CognitoSource {
  readonly kind: 'cognito';
  /** The pool's, whatever the job's is. */
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

/** Cognito hands out a role's session itself, or a token of its own, with which the first role is assumed. */
type CognitoFlow = { readonly kind: 'enhanced'; readonly roleArn?: string | undefined } | { readonly kind: 'basic' };

/** Reads the inputs of Cognito, of which `claim` is the first that is given. Throws CredentialError. */
export function selectCognito(context: SourceContext, claim: string): Selection<CognitoSource> {
  const { inputs, env, roles } = context;
  const { region, who } = readWho(inputs, claim);
  const lack = whyNoLogins(inputs, env);
  if (lack !== undefined) return { reason: lack };
  const vouchers = readLoginSource(inputs);
  const flow = readFlow(context, vouchers);
  const description = describe({ who, loginSource: vouchers });
  const source: CognitoSource = { kind: 'cognito', region, who, loginSource: vouchers, flow, description };
  const because = `"${claim}" is given`;
  const [first, ...others] = roles;
  if (first === undefined || flow.kind === 'enhanced') return { source, because, hops: roles, roleSession: true };
  return {
    source,
    because,
    hops: [webIdentityHop(first, inputs), ...others],
    roleSession: false,
    firstHop: 'web identity',
    warnings: warnNotSentWithWebIdentity(first, others, inputs),
  };
}

function describe({ who, loginSource }: Pick<CognitoSource, 'who' | 'loginSource'>): string {
  const name = 'pool' in who ? `pool ${who.pool}` : 'identity';
  return `cognito ${name} (${describeLoginSource(loginSource)})`;
}

/** REGION:GUID, as of pools so of identities. */
const idPattern = /^([a-z0-9]+(?:-[a-z0-9]+)+):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readWho(inputs: Inputs, claim: string): Pick<CognitoSource, 'region' | 'who'> {
  const pool = inputs.optional('cognito-identity-pool-id');
  const identity = inputs.optional('cognito-identity-id');
  const accountId = inputs.optional('cognito-account-id');
  const id = pool ?? identity;
  if (id === undefined) {
    throw invalidInput(claim, 'is given without a pool.', 'Give the pool in "cognito-identity-pool-id" too.');
  }
  if (pool !== undefined && identity !== undefined) {
    const message = 'Inputs "cognito-identity-pool-id" and "cognito-identity-id" each say who the job is';
    throw new CredentialError('INPUT_CONFLICT', message, {
      hint: 'Keep one of them: the pool, unless the job is to be one certain identity of it.',
    });
  }
  const region = idPattern.exec(id)?.[1];
  if (region === undefined) {
    const name = pool === undefined ? 'cognito-identity-id' : 'cognito-identity-pool-id';
    const hint = 'Write, for example, us-east-1:12345678-1234-1234-1234-123456789012.';
    throw invalidInput(name, 'is not of the form REGION:GUID.', hint);
  }
  if (accountId !== undefined && pool === undefined) {
    const hint = 'Leave it out: an identity has one account.';
    throw invalidInput('cognito-account-id', 'goes with "cognito-identity-pool-id", which is not given.', hint);
  }
  if (accountId !== undefined && !isAccountId(accountId)) {
    const hint = 'Write its twelve digits, in quotes so that YAML keeps leading zeros.';
    throw invalidInput('cognito-account-id', 'is not an account id.', hint);
  }
  return { region, who: pool === undefined ? { identity: id } : { pool, accountId } };
}

function readFlow(context: SourceContext, vouchers: LoginSource): CognitoFlow {
  const { inputs, roles } = context;
  const flow = inputs.optional('cognito-flow') ?? 'enhanced';
  const roleArn = inputs.optional('cognito-role-arn');
  if (flow !== 'enhanced' && flow !== 'basic') {
    throw invalidInput(
      'cognito-flow',
      'is neither enhanced nor basic.',
      'Write "cognito-flow: basic", or leave it out.',
    );
  }
  if (roleArn !== undefined && !parseRoleArn(roleArn)) {
    throw invalidInput('cognito-role-arn', 'is not the ARN of a role.', 'Write arn:aws:iam::111122223333:role/NAME.');
  }
  if (roleArn !== undefined && vouchers.by === 'nobody') {
    const hint = 'Leave it out: a guest has the role that the pool has for guests.';
    throw invalidInput('cognito-role-arn', 'is given for a guest ("cognito-logins: {}").', hint);
  }
  if (flow === 'enhanced') return { kind: 'enhanced', roleArn };
  if (roleArn !== undefined) {
    const hint = 'Give the role in "role-to-assume", which is what the basic flow assumes with the token of Cognito.';
    throw invalidInput('cognito-role-arn', 'is not for "cognito-flow: basic".', hint);
  }
  if (roles.length > 0) return { kind: 'basic' };
  const hint = 'Give in "role-to-assume" the role that trusts cognito-identity.amazonaws.com.';
  throw invalidInput('cognito-flow', 'is basic, but no role to assume is given.', hint);
}
