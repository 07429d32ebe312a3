import {
  claimOf,
  githubClaims,
  githubProvider,
  hasWildcard,
  matchesPattern,
  providerOf,
  readOperator,
  type Statement,
  type TrustPolicy,
} from '../formats/trust-policy.ts';
import { opensSubject } from './open-subject.ts';
import type { Accounts } from './refusal.ts';
import { show } from './show.ts';

type Condition = Statement['conditions'][number];

/** What lets in more than it seems, or nobody, in the statements that a token of this issuer may use: a sentence each. */
export function warningsOf(policy: TrustPolicy, issuer: string, accounts: Accounts = 'shown'): readonly string[] {
  return policy.statements.flatMap((statement, index) => {
    if (!isForTokens(statement, issuer)) return [];
    const found = [
      ...statement.conditions.flatMap((condition) => ofCondition(condition, issuer, accounts)),
      ...missing(statement, issuer),
    ];
    return found.map((text) => `Statement ${index + 1}: ${text}`);
  });
}

function isForTokens({ effect, principals = [], actions = [] }: Statement, issuer: string): boolean {
  const end = `oidc-provider/${providerOf(issuer)}`;
  const trusted = principals.some(({ kind, value }) => kind === '*' || (kind === 'Federated' && value.endsWith(end)));
  const action = 'sts:assumerolewithwebidentity';
  return effect === 'Allow' && trusted && actions.some((pattern) => matchesPattern(action, pattern.toLowerCase()));
}

function ofCondition(condition: Condition, issuer: string, accounts: Accounts): readonly string[] {
  const { operator, key, values } = condition;
  const claim = claimOf(key, issuer);
  const { set, rule } = readOperator(operator);
  const name = show(claim ?? key, accounts);
  const wild = rule?.takes === 'pattern' || rule?.takes === 'ARN pattern';
  const literal = rule !== undefined && !wild && rule.takes !== 'boolean' ? values.filter(hasWildcard) : [];
  return [
    ...(set === 'ForAllValues' && claim !== undefined
      ? [
          `${show(operator)} on ${name} is true for a token without that claim; write ${show(operator.replace('ForAllValues:', ''))}.`,
        ]
      : []),
    ...(claim === 'sub' && wild && !rule.negated ? values.flatMap((value) => openness(value, accounts)) : []),
    ...literal.map(
      (value) =>
        `${show(operator)} takes the wildcard in "${show(value, accounts)}" literally; StringLike takes it as one.`,
    ),
    ...unknownKey(key, claim, issuer, accounts),
  ];
}

function openness(value: string, accounts: Accounts): readonly string[] {
  const opened = opensSubject(value);
  if (opened === undefined) return [];
  const whose = opened === 'owners' ? 'other owners' : 'other repositories';
  return [
    `the pattern "${show(value, accounts)}" of sub matches subjects of ${whose} too; write the owner and the repository in full, then ":".`,
  ];
}

function unknownKey(key: string, claim: string | undefined, issuer: string, accounts: Accounts): readonly string[] {
  const provider = providerOf(issuer);
  const name = show(key, accounts);
  if (claim === undefined) {
    return /^(?:aws|sts):/i.test(key)
      ? []
      : [`the key "${name}" is not of the provider ${provider}, so no token has it.`];
  }
  return provider === githubProvider && !githubClaims.includes(claim)
    ? [`AWS has no condition key "${name}", so no token meets a condition on it.`]
    : [];
}

/** A condition on the claim that requires a value. */
function requires(claim: string, { conditions }: Statement, issuer: string): boolean {
  return conditions.some(({ operator, key }) => {
    const { base, rule } = readOperator(operator);
    return claimOf(key, issuer) === claim && base !== 'Null' && rule?.negated === false;
  });
}

function missing(statement: Statement, issuer: string): readonly string[] {
  const texts = {
    sub: 'it has no condition that requires a sub, so jobs of any owner and repository may use it.',
    aud: 'it has no condition that requires an aud, so tokens made for other services may use it.',
  } as const;
  const claims = ['sub', 'aud'] as const;
  return claims.filter((claim) => !requires(claim, statement, issuer)).map((claim) => texts[claim]);
}
