import { parseArn } from './arn.ts';
import { type Context, holds, like } from './condition.ts';
import type { Policy, Principal } from './policy.ts';

/** Who asks: one with AWS credentials, or one with a token of an identity provider. */
export type Asker =
  | { readonly kind: 'AWS'; readonly account: string; readonly partition: string; readonly arns: readonly string[] }
  | { readonly kind: 'Federated'; readonly provider: string };

function isPrincipal(principal: Principal, asker: Asker): boolean {
  if (principal.kind === '*') return true;
  if (asker.kind === 'Federated') return principal.kind === 'Federated' && principal.value === asker.provider;
  if (principal.kind !== 'AWS') return false;
  if (principal.value === '*' || principal.value === asker.account) return true;
  const arn = parseArn(principal.value);
  if (arn?.resource === 'root') return arn.account === asker.account && arn.partition === asker.partition;
  return asker.arns.includes(principal.value);
}

/** What AWS calls the policy that denies, with its ARN if it names that: the tail of the message. */
export const explicitDeny = (policy: string): string => ` with an explicit deny in a ${policy}`;

function effectsOf(policy: Policy, asker: Asker, action: string, context: Context): readonly ('Allow' | 'Deny')[] {
  return policy
    .filter(
      ({ actions, principals, conditions }) =>
        actions.some((pattern) => like(action.toLowerCase(), pattern.toLowerCase())) &&
        principals.some((principal) => isPrincipal(principal, asker)) &&
        conditions.every((condition) => holds(condition, context)),
    )
    .map(({ effect }) => effect);
}

/** Whether a Deny of a trust policy applies. */
export function denies(policy: Policy, asker: Asker, action: string, context: Context): boolean {
  return effectsOf(policy, asker, action, context).includes('Deny');
}

/** Whether a trust policy lets `asker` take `action`; a Deny that applies wins over every Allow. */
export function allows(policy: Policy, asker: Asker, action: string, context: Context): boolean {
  const effects = effectsOf(policy, asker, action, context);
  return effects.includes('Allow') && !effects.includes('Deny');
}
