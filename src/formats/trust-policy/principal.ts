import type { Check } from './condition.ts';
import type { Principal, Statement } from './parse.ts';
import { type AssumeRequest, providerArn } from './request.ts';
import { accountOf, roleNameOf, type Signer } from './signer.ts';
import { anyOf, type Verdict, verdictOf } from './verdict.ts';

/** Holds a statement's Principal against who asks. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function checkPrincipal({ principals }: Statement, request: AssumeRequest): Check {
  const listed = principals ?? [];
  const asker = request.how === 'token' ? [providerArn(request)] : signerArns(request.signer);
  return {
    element: 'Principal',
    operator: [...new Set(listed.map(({ kind }) => kind))].join(', '),
    values: listed.map(({ value }) => value),
    presented: asker,
    verdict: principals === undefined ? 'unknown' : anyOf(listed.map((principal) => verdictOn(principal, request))),
  };
}

function signerArns(signer: Signer | undefined): readonly string[] {
  return signer === undefined ? [] : [signer.arn];
}

function verdictOn({ kind, value }: Principal, request: AssumeRequest): Verdict {
  if (kind === '*') return 'holds';
  if (value.includes('${')) return 'unknown';
  if (request.how === 'token') {
    if (value === '*' && (kind === 'AWS' || kind === 'Federated')) return 'unknown';
    return verdictOf(kind === 'Federated' && value === providerArn(request));
  }
  return kind === 'AWS' ? verdictOnSigner(value, request.signer) : 'fails';
}

function verdictOnSigner(value: string, signer: Signer | undefined): Verdict {
  if (value === '*') return 'holds';
  if (signer === undefined) return 'unknown';
  const { partition, account } = accountOf(signer.arn) ?? {};
  if (value === account || value === `arn:${partition}:iam::${account}:root` || value === signer.arn) return 'holds';
  if (signer.kind === 'role') return verdictOnSession(value, signer);
  if (signer.kind === 'user') return 'fails';
  return verdictOnRoleWithoutPath(value, signer.role, `arn:${partition}:iam::${account}:role/`);
}

/** Another session of the role that signs; which one signs is not known before AWS names it. */
function verdictOnSession(value: string, { arn, session }: Extract<Signer, { kind: 'role' }>): Verdict {
  if (session !== undefined) return verdictOf(value === session);
  const { partition, account } = accountOf(arn) ?? {};
  return value.startsWith(`arn:${partition}:sts::${account}:assumed-role/${roleNameOf(arn)}/`) ? 'unknown' : 'fails';
}

function verdictOnRoleWithoutPath(value: string, role: string, start: string): Verdict {
  if (!value.startsWith(start) || roleNameOf(value) !== role) return 'fails';
  // Roles of IAM Identity Center always have this path.
  if (role.startsWith('AWSReservedSSO_')) {
    return value.startsWith(`${start}aws-reserved/sso.amazonaws.com/`) ? 'unknown' : 'fails';
  }
  return 'unknown';
}
