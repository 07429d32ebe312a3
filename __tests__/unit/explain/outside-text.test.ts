import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explain } from '../../../src/explain/explain.ts';
import type { RefusedToken } from '../../../src/explain/refusal.ts';
import { accountIdsToMask } from '../../../src/explain/show.ts';
import { refusalTable } from '../../../src/explain/table.ts';
import { githubProvider, parseTrustPolicy } from '../../../src/formats/trust-policy.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const refusal = (claims: Readonly<Record<string, string>>): RefusedToken => ({
  how: 'token',
  roleArn,
  label: 'role-to-assume',
  message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  issuer: `https://${githubProvider}`,
  claims: {
    aud: 'sts.amazonaws.com',
    sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
    jti: 'secret-jti',
    ...claims,
  },
});
const textOf = (operator: string, key: string, values: readonly string[], principal: unknown = '*'): string =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Principal: principal, Action: '*', Condition: { [operator]: { [key]: values } } },
  });
const linesOf = (text: string, one = refusal({})) => explain(one, { name: 'p.json', text, planned: 'one role' }).lines;

const hostile = [
  '::set-output name=x::y',
  '\n::error::x',
  '##[error]x',
  '##[set-env name=X]y',
  '\u001b[31m',
  '\u2028::warning::',
  '\u202e',
  '\ud800',
  '| a |',
  '`b`',
  '<img src=x>',
  '```',
  'x'.repeat(5000),
];
const anything = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }));
const isCommand = (line: string): boolean => /^\s*::|##\[|[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(line);

test('whatever the policy and the claims hold, each line is one line of bounded length and no command', () => {
  fc.assert(
    fc.property(
      anything,
      anything,
      fc.array(anything, { maxLength: 5 }),
      anything,
      fc.boolean(),
      (operator, key, values, claim, known) => {
        const text = textOf(known ? 'StringLike' : operator, known ? `${githubProvider}:sub` : key, values, {
          [operator]: values,
        });
        for (const sub of [claim, `repo:octo-org/octo-repo:environment:${claim}`]) {
          const one = refusal({ sub, environment: claim, job_workflow_ref: claim });
          const lines = [...linesOf(text, one), ...explain(one, undefined).lines];
          expect(lines.filter(isCommand)).toEqual([]);
          expect(lines.filter((line) => line.length > 30_000)).toEqual([]);
          expect(linesOf(text, one).length).toBeLessThanOrEqual(11);
          expect(explain(one, undefined).lines.length).toBeLessThanOrEqual(8);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a value is cut at 200 characters', () => {
  const lines = linesOf(textOf('StringEquals', `${githubProvider}:sub`, ['x'.repeat(5000)]));
  expect(lines[2]).toBe(`    policy  ${'x'.repeat(199)}…`);
});

test('with hidden account ids, none of a policy and none of a principal is shown', () => {
  const text = textOf('StringEquals', 'aws:FederatedProvider', ['arn:aws:iam::222222222222:x'], {
    Federated: 'arn:aws:iam::333333333333:oidc-provider/x',
  });
  const shown = explain(refusal({}), { name: 'p.json', text, planned: 'one role' }, 'hidden').lines.join('\n');
  expect(shown).toContain('arn:aws:iam::***:');
  expect(shown).not.toMatch(/\d{12}/);
  expect(accountIdsToMask(text)).toEqual(['333333333333', '222222222222']);
});

describe('the table', () => {
  const policyOf = (text: string) => parseTrustPolicy(text, roleArn, 'one role');

  test('with a policy: what holds, what fails and what is unknown', () => {
    const condition = {
      StringEquals: {
        [`${githubProvider}:aud`]: 'sts.amazonaws.com',
        [`${githubProvider}:sub`]: 'repo:octo-org/octo-repo:pull_request',
      },
      IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
    };
    const Statement = { Effect: 'Allow', Principal: '*', Action: 'sts:*', Condition: condition };
    expect(
      refusalTable(refusal({}), policyOf(JSON.stringify({ Statement })), 'hidden')
        .split('\n')
        .slice(0, 7),
    ).toEqual([
      '| condition | policy | token | |',
      '|---|---|---|---|',
      `| Principal | \`*\` | \`arn:aws:iam::***:oidc-provider/${githubProvider}\` | ✓ |`,
      '| Action | `sts:*` | `sts:AssumeRoleWithWebIdentity` | ✓ |',
      '| StringEquals aud | `sts.amazonaws.com` | `sts.amazonaws.com` | ✓ |',
      '| StringEquals sub | `repo:octo-org/octo-repo:pull_request` | `repo:octo-org/octo-repo:ref:refs/heads/main` | ✗ |',
      '| IpAddress aws:SourceIp | `10.0.0.0/8` | `(not known here)` | ? |',
    ]);
  });

  test('without a policy: the claims and the statement', () => {
    const table = refusalTable(refusal({}), undefined, 'shown');
    expect(table).toContain('| sub | `repo:octo-org/octo-repo:ref:refs/heads/main` |');
    expect(table).toContain('"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/');
    expect(table).not.toContain('secret-jti');
  });

  test('nothing within a cell ends it or the table', () => {
    fc.assert(
      fc.property(anything, anything, anything, (operator, key, value) => {
        const rows = refusalTable(
          refusal({ sub: value }),
          policyOf(textOf(operator, key, [value], { [key]: value })),
          'shown',
        ).split('\n');
        const table = rows.slice(0, rows.indexOf(''));
        for (const row of table) {
          expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
          // Code is between an even number of backticks, and nothing of HTML is outside it.
          expect((row.match(/`/g) ?? []).length % 2).toBe(0);
          expect(row.replace(/`[^`]*`/g, '')).not.toContain('<');
        }
        const fences = rows.filter((row) => row.includes('```'));
        expect(fences).toEqual(fences.length === 0 ? [] : ['```json', '```']);
      }),
      { numRuns: 300 },
    );
  });
});
