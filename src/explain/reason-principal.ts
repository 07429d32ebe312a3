import { accountOf, arnParts, type Check, hasWildcard, roleNameOf } from '../formats/trust-policy.ts';
import type { Reason, ReasonCode } from './refusal.ts';
import { show } from './show.ts';

const reason = (code: ReasonCode, text: string): Reason => ({ code, text });

/** Why the Principal of a statement is not who asks. */
export function principalReason(check: Check, how: 'token' | 'signature'): Reason {
  const kind = how === 'token' ? 'Federated' : 'AWS';
  const [actual = ''] = check.presented;
  if (!check.operator.split(', ').includes(kind)) return kindReason(check, how);
  const reasons = check.values.map((value) => (how === 'token' ? ofProvider(value, actual) : ofSigner(value, actual)));
  const order: readonly ReasonCode[] = [
    'letter case',
    'https prefix',
    'path',
    'principal wildcard',
    'session name',
    'account',
    'partition',
    'deleted principal',
  ];
  const ranked = reasons.toSorted((a, b) => position(order, a.code) - position(order, b.code));
  return ranked[0] ?? reason('no values', 'the policy lists no principal');
}

const position = (order: readonly ReasonCode[], code: ReasonCode): number => {
  const at = order.indexOf(code);
  return at < 0 ? order.length : at;
};

function kindReason({ operator }: Check, how: 'token' | 'signature'): Reason {
  const kinds = operator === '' ? 'no principal' : operator;
  return how === 'token'
    ? reason(
        'kind of principal',
        `the statement is for ${kinds}; a token needs "Federated" with the ARN of its provider`,
      )
    : reason(
        'kind of principal',
        `the statement is for ${kinds}; this request is signed, so it needs "AWS" with who signs`,
      );
}

function ofProvider(value: string, actual: string): Reason {
  const [, , , , account = '', resource = ''] = arnParts(actual) ?? [];
  const [, partition, , , otherAccount, otherResource = ''] = arnParts(value) ?? [];
  if (value.toLowerCase() === actual.toLowerCase())
    return reason('letter case', 'the ARNs differ in upper and lower case');
  if (/oidc-provider\/https?:\/\//.test(value))
    return reason('https prefix', 'the ARN of a provider has no "https://"');
  if (otherResource !== resource) {
    return reason(
      'provider',
      `the statement trusts another provider; the token is of ${show(resource.replace(/^oidc-provider\//, ''))}`,
    );
  }
  if (otherAccount !== account) {
    return reason(
      'account',
      `the provider must be in the role's own account, ${account}, not in ${show(otherAccount ?? '')}`,
    );
  }
  return reason('partition', `the provider's ARN has the partition "${show(partition ?? '')}" of another AWS`);
}

function ofSigner(value: string, actual: string): Reason {
  if (/^A(?:ROA|IDA)[A-Z0-9]+$/.test(value)) {
    return reason(
      'deleted principal',
      'the policy holds the id of a role or user that was deleted; write the ARN again',
    );
  }
  if (value.toLowerCase() === actual.toLowerCase())
    return reason('letter case', 'the ARNs differ in upper and lower case');
  if (hasWildcard(value) && value !== '*') {
    return reason('principal wildcard', 'a Principal takes no wildcards; a condition on aws:PrincipalArn does');
  }
  const [here, there] = [accountOf(actual), accountOf(value)];
  const other = there?.account ?? (/^\d{12}$/.test(value) ? value : undefined);
  if (other !== undefined && other !== here?.account) {
    return reason('account', `the policy trusts the account ${other}; who signs is of ${here?.account ?? 'another'}`);
  }
  if (there !== undefined && there.partition !== here?.partition) {
    return reason(
      'partition',
      `the policy has the partition "${there.partition}", who signs is of "${here?.partition ?? ''}"`,
    );
  }
  return sameAccount(value, actual);
}

function sameAccount(value: string, actual: string): Reason {
  const [name, other] = [roleNameOf(actual), roleNameOf(value)];
  if (name !== undefined && name === other) {
    return /:assumed-role\//.test(value)
      ? reason(
          'session name',
          'the policy trusts another session of that role; "role-session-name" of the hop before decides it',
        )
      : reason('path', "the same role name, but not the same path: a role's ARN includes its path");
  }
  return reason(
    'role name',
    `the policy trusts "${show(other ?? value)}", and this request is signed by "${show(name ?? actual)}"`,
  );
}
