import {
  type AssumeRequest,
  accountOf,
  actionsOf,
  providerArn,
  providerOf,
  type SignedRequest,
  type Signer,
  type TokenRequest,
} from '../formats/trust-policy.ts';
import { nameForm } from './subject.ts';

/** A condition that the token meets; undefined if it has no subject. With a subject that has ids, the one by name is listed as well. */
export function fittingCondition({ issuer, claims }: TokenRequest): Readonly<Record<string, unknown>> | undefined {
  const provider = providerOf(issuer);
  const { aud, sub } = claims;
  if (sub === undefined) return undefined;
  const named = nameForm(sub);
  return {
    StringEquals: {
      ...(aud === undefined ? {} : { [`${provider}:aud`]: aud }),
      [`${provider}:sub`]: named === undefined ? sub : [sub, named],
    },
  };
}

/** The statement that lets this request in, and no other caller or repository; undefined if it is not known who asks. */
export function fittingStatement(request: AssumeRequest): Readonly<Record<string, unknown>> | undefined {
  return request.how === 'token' ? tokenStatement(request) : signerStatement(request);
}

function tokenStatement(request: TokenRequest): Readonly<Record<string, unknown>> | undefined {
  const condition = fittingCondition(request);
  return condition === undefined
    ? undefined
    : {
        Effect: 'Allow',
        Principal: { Federated: providerArn(request) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: condition,
      };
}

function signerStatement(request: SignedRequest): Readonly<Record<string, unknown>> | undefined {
  const { signer } = request;
  // The root user assumes no role, and its ARN as a principal is the whole account.
  if (signer === undefined || signer.arn.endsWith(':root')) return undefined;
  const actions = actionsOf(request);
  const [action] = actions;
  return { Effect: 'Allow', ...principalOf(signer, actions.length === 1 ? action : actions) };
}

/** A role whose path is not known is named by a condition: its name is unique in its account. */
function principalOf(signer: Signer, Action: unknown): Readonly<Record<string, unknown>> {
  if (signer.kind !== 'session') return { Principal: { AWS: signer.arn }, Action };
  const { partition, account } = accountOf(signer.arn) ?? {};
  const start = `arn:${partition}:iam::${account}`;
  return {
    Principal: { AWS: `${start}:root` },
    Action,
    Condition: { ArnLike: { 'aws:PrincipalArn': [`${start}:role/${signer.role}`, `${start}:role/*/${signer.role}`] } },
  };
}
