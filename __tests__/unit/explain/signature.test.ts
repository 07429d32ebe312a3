import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../emulator/iam/policy.ts';
import { allows } from '../../../emulator/iam/trust.ts';
import { awsDenialHint } from '../../../src/explain/aws-words.ts';
import { explain } from '../../../src/explain/explain.ts';
import { type RefusedSignature, requestOf } from '../../../src/explain/refusal.ts';
import { fittingStatement } from '../../../src/explain/statement.ts';
import { actionsOf } from '../../../src/formats/trust-policy.ts';

const next = 'arn:aws:iam::222222222222:role/next';
const first = 'arn:aws:iam::111111111111:role/path/nested';
const session = 'arn:aws:sts::111111111111:assumed-role/nested/GitHubActions';
const refused = (changes: Partial<RefusedSignature> = {}): RefusedSignature => ({
  how: 'signature',
  roleArn: next,
  label: 'hop 2 of 2',
  message: `User: ${session} is not authorized to perform: sts:AssumeRole on resource: ${next}`,
  caller: first,
  sent: { tags: [{ key: 'Branch', value: 'main' }], sessionName: 'GitHubActions', mfa: false },
  ...changes,
});

test('without a policy: who signs, what is sent, and a statement with the path and every action', () => {
  const { lines } = explain(refused(), undefined);
  expect(lines).toEqual([
    'AWS does not say whether the role is missing or which part of its trust policy fails. This hop sends:',
    `  signed by  ${first}`,
    "  sent  no external id (role-external-id) · session tags Branch · no source identity · no MFA (a role's session has none) · session name GitHubActions",
    `A statement that lets it in: {"Effect":"Allow","Principal":{"AWS":"${first}"},"Action":["sts:AssumeRole","sts:TagSession"]}`,
    "The caller's own policy must allow the same on the role. An SCP, RCP or session policy may deny it.",
    'Look at the policy: aws iam get-role --role-name next --query Role.AssumeRolePolicyDocument',
    'Or let this step compare: trust-policy: path/of/that.json',
  ]);
});

describe('the statement to paste lets the same request in', () => {
  const user = 'arn:aws-us-gov:iam::444444444444:user/team/ci';
  const sso = 'arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/octocat';
  const ssoRole =
    'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_ReadOnly_0123456789abcdef';
  const sourced = { tags: [{ key: 'a', value: 'b' }], sourceIdentity: 'octocat', externalId: 'secret-id' };
  test.each<[what: string, changes: Partial<RefusedSignature>, arns: readonly [session: string, principal: string]]>([
    ['a role with a path', {}, [session, first]],
    ['a session whose role has a path', { caller: undefined }, [session, first]],
    ['a session whose role has none', { caller: undefined }, [session, first.replace('path/', '')]],
    ['IAM Identity Center', { caller: sso }, [sso, ssoRole]],
    ['a user of another partition', { caller: user }, [user, user]],
    ['a source identity and an external id', { sent: sourced }, [session, first]],
    ['nothing sent', { sent: {} }, [session, first]],
  ])('%s', (_what, changes, [sessionArn, principalArn]) => {
    const request = requestOf(refused(changes));
    const statement = fittingStatement(request);
    const text = JSON.stringify(statement);
    const [, partition = '', , , account = ''] = principalArn.split(':');
    const asker = { kind: 'AWS', account, partition, arns: [sessionArn, principalArn] } as const;
    const policy = readPolicy({ Statement: [statement] }, 'pasted');
    const answers = (arn: string) =>
      actionsOf(request).map((action) =>
        allows(policy, { ...asker, arns: [sessionArn, arn] }, action, new Map([['aws:principalarn', [arn]]])),
      );
    expect(answers(principalArn)).toEqual(actionsOf(request).map(() => true));
    expect(text).not.toContain('secret-id');
    if (text.includes('Condition')) expect(answers(`${principalArn}-other`)).not.toContain(true);
  });

  test('nothing is printed for the root user, whose principal would be the whole account', () => {
    expect(
      fittingStatement(requestOf(refused({ caller: 'arn:aws:iam::111111111111:root', message: '' }))),
    ).toBeUndefined();
  });
});

describe('the causes that a signature meets', () => {
  const both = ['sts:AssumeRole', 'sts:TagSession'];
  const trust = (changes: object) => ({ Effect: 'Allow', Principal: { AWS: first }, Action: both, ...changes });
  const user: Partial<RefusedSignature> = { caller: 'arn:aws:iam::111111111111:user/ci', callerKeys: 'long-term' };
  test.each<[what: string, changes: Partial<RefusedSignature>, statement: object, words: readonly string[]]>([
    [
      'another role',
      {},
      trust({ Principal: { AWS: 'arn:aws:iam::111111111111:role/path/other' } }),
      [
        '  Principal',
        'policy  AWS arn:aws:iam::111111111111:role/path/other',
        `caller  ${first}`,
        `add the statement {"Effect":"Allow","Principal":{"AWS":"${first}"}`,
      ],
    ],
    ['the role without its path', {}, trust({ Principal: { AWS: first.replace('path/', '') } }), ['not the same path']],
    ['another account', {}, trust({ Principal: { AWS: '333333333333' } }), ['the account 333333333333']],
    ['another partition', {}, trust({ Principal: { AWS: first.replace('aws', 'aws-cn') } }), ['partition']],
    ['letter case', {}, trust({ Principal: { AWS: first.replace('nested', 'Nested') } }), ['upper and lower case']],
    [
      'a wildcard',
      {},
      trust({ Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } }),
      ['no wildcards', 'aws:PrincipalArn'],
    ],
    ['a role that was deleted', {}, trust({ Principal: { AWS: 'AROAIOSFODNN7EXAMPLE1' } }), ['deleted']],
    [
      'another session',
      {},
      trust({ Principal: { AWS: session.replace('GitHubActions', 'other') } }),
      ['another session'],
    ],
    ['a provider', {}, trust({ Principal: { Federated: 'x' } }), ['is signed', '"AWS"']],
    [
      'no external id',
      {},
      trust({ Condition: { StringEquals: { 'sts:ExternalId': 'octo' } } }),
      ['caller  (absent)', 'no external id was sent', 'role-external-id'],
    ],
    [
      'another external id',
      { sent: { ...refused().sent, externalId: 'secret-id' } },
      trust({ Condition: { StringEquals: { 'sts:ExternalId': 'octo' } } }),
      ['the external id of this step', 'role-external-id'],
    ],
    [
      'no second factor, a role',
      {},
      trust({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      ["a role's session never has one"],
    ],
    [
      'no second factor, a user',
      user,
      trust({ Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      ['mfa-serial'],
    ],
    [
      'a tag that is missing',
      {},
      trust({ Condition: { StringEquals: { 'aws:RequestTag/Team': 'red' } } }),
      ['custom-tags'],
    ],
    [
      'a source identity that is missing',
      {},
      trust({ Condition: { StringEquals: { 'sts:SourceIdentity': 'me' } } }),
      ['source-identity'],
    ],
    [
      'no TagSession',
      {},
      trust({ Action: 'sts:AssumeRole' }),
      ['for sts:TagSession, ', 'session tags', 'add "sts:TagSession" to Action'],
    ],
    [
      'another session name',
      {},
      trust({ Condition: { StringEquals: { 'sts:RoleSessionName': 'x' } } }),
      ['role-session-name'],
    ],
  ])('%s', (_what, changes, statement, words) => {
    const given = { name: 'p.json', text: JSON.stringify({ Statement: [statement] }), planned: 'one role' } as const;
    const { lines } = explain(refused(changes), given);
    const text = lines.join('\n');
    for (const word of words) expect(text).toContain(word);
    expect(text).toContain('one thing does not match');
    expect(text).not.toContain('secret-id');
    expect(lines.length).toBeLessThanOrEqual(11);
  });

  test('a policy that allows it names the other side', () => {
    const given = { name: 'p.json', text: JSON.stringify({ Statement: trust({}) }), planned: 'one role' } as const;
    expect(explain(refused(), given).lines.join('\n')).toMatch(
      /The file allows this caller[\s\S]*own policy must allow sts:AssumeRole/,
    );
  });
});

describe('what AWS says of a denial', () => {
  const message = (tail: string) => `User: x is not authorized to perform: sts:AssumeRole on resource: y ${tail}`;
  const policy = 'arn:aws:organizations::123456789012:policy/o-abc/service_control_policy/p-abc';
  test.each([
    [
      `with an explicit deny in a service control policy: ${policy}`,
      `The organization denies it by the service control policy ${policy}.`,
    ],
    [
      'with an explicit deny in a resource control policy',
      'The organization denies it by the resource control policy.',
    ],
    [
      'because no service control policy allows the sts:AssumeRole action',
      'No service control policy of the organization allows it.',
    ],
    [
      'because no identity-based policy allows the sts:AssumeRole action',
      'Ask the owner of the credentials that sign to allow',
    ],
    ['with an explicit deny in a permissions boundary', 'A Deny in the permissions boundary applies.'],
    ['because no VPC endpoint policy allows the sts:AssumeRole action', 'Ask the owner of the VPC endpoint'],
  ])('%s', (tail, words) => expect(awsDenialHint(message(tail))).toContain(words));

  test.each([
    'because no resource-based policy allows the sts:AssumeRole action',
    'with an explicit deny in a resource-based policy',
    '',
  ])('%s: the trust policy decides', (tail) => expect(awsDenialHint(message(tail))).toBeUndefined());
});
