import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CredentialError } from '../../../src/contract/errors.ts';
import { memoryAws, type Reach } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';

type Texts = Readonly<Record<string, string>>;
const now = '2026-01-01T00:00:00Z';
const id = (number: number): string => String(number).padStart(12, '2');
const many = (count: number): Reach =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [id(index + 10), ['ReadOnly']]));

/** Asks for a permission set that the person does not have. */
async function refusalOf(aws: ReturnType<typeof memoryAws>, inputs: Texts = {}) {
  const given = {
    'aws-region': 'us-east-1',
    'sso-token': 'bare-token',
    'sso-account-id': '333333333333',
    'sso-role-name': 'Admin',
    'sso-region': 'eu-west-1',
    ...inputs,
  };
  const { job, error } = await memoryRunner().use({ with: given, aws, now });
  if (!(error instanceof CredentialError)) throw new Error('nothing was refused');
  return { job, error, lines: error.message.split('\n').slice(1) };
}
const denied = (reach: Reach, refused = {}) =>
  memoryAws({ reach, refused: { GetRoleCredentials: 'ACCESS_DENIED', ...refused } });

describe('what the token does reach', () => {
  test('is listed with the refusal, the requested role first', async () => {
    const reach = { '111111111111': ['ReadOnly', 'Billing'], '333333333333': ['ReadOnly'], '444444444444': [] };
    const { error, lines } = await refusalOf(denied(reach));
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(/^GetRoleCredentials was refused\n/),
      hint: expect.stringMatching(/"sso-account-id" and "sso-role-name".*Admin.*333333333333/),
    });
    expect(lines).toEqual([
      'The token has access to:',
      '  - 333333333333 (Account 33): ReadOnly',
      '  - 111111111111 (Account 11): ReadOnly, Billing',
      '  - 444444444444 (Account 44): ',
    ]);
  });

  test('is nothing', async () => {
    expect((await refusalOf(denied({}))).lines).toEqual(['The token has access to no account.']);
  });

  test('is listed in twenty lines, of as many accounts as there are asked', async () => {
    const aws = denied(many(23));
    const { lines } = await refusalOf(aws);
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('  - and 3 more accounts');
    expect(aws.calls.filter(({ call }) => call === 'ListAccountRoles')).toHaveLength(20);
    expect(aws.calls.filter(({ call }) => call === 'ListAccounts')).toHaveLength(3);
  });

  test('exactly twenty need no word of more', async () => {
    expect((await refusalOf(denied(many(20)))).lines.at(-1)).not.toContain('more');
  });

  test('ten pages are enough', async () => {
    const aws = denied(many(101));
    expect((await refusalOf(aws)).lines.at(-1)).toBe('  - and at least 80 more accounts');
    expect(aws.calls.filter(({ call }) => call === 'ListAccounts')).toHaveLength(10);
  });

  test('many roles of one account are one line', async () => {
    const roles = Array.from({ length: 25 }, (_, index) => `Role${index}`);
    const { lines } = await refusalOf(denied({ '111111111111': roles }));
    expect(lines[1]).toMatch(/Role18, Role19 and 5 more$/);
  });

  test('masks every account where that is asked for', async () => {
    const reach = many(3);
    const { job } = await refusalOf(denied(reach), { 'mask-aws-account-id': 'true' });
    expect(job.masks).toEqual(expect.arrayContaining([...Object.keys(reach), '333333333333']));
  });

  test('of which names are one line, whatever they hold', async () => {
    const aws = {
      ...denied({ '111111111111': [] }),
      listAccounts: async () => ({ items: [{ id: '111111111111', name: `a\n::error::b\r${'x'.repeat(99)}` }] }),
    };
    expect((await refusalOf(aws)).lines).toEqual([
      'The token has access to:',
      expect.stringMatching(/^ {2}- 111111111111 \(a ::error::b x+\): $/),
    ]);
  });
});

describe('a listing that fails hides nothing', () => {
  afterEach(() => void jest.useRealTimers());

  test('of accounts', async () => {
    const { error } = await refusalOf(denied({}, { ListAccounts: 'SERVICE_UNAVAILABLE' }));
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', message: 'GetRoleCredentials was refused' });
  });

  test('of roles: the accounts are listed', async () => {
    const { lines } = await refusalOf(denied(many(1), { ListAccountRoles: 'SERVICE_UNAVAILABLE' }));
    expect(lines).toEqual(['The token has access to:', expect.stringMatching(/^ {2}- \d{12} \(Account 10\)$/)]);
  });

  test('by never ending', async () => {
    jest.useFakeTimers();
    const aws = { ...denied(many(1)), listAccountRoles: () => new Promise<never>(() => {}) };
    const refused = refusalOf(aws);
    await jest.advanceTimersByTimeAsync(5000);
    expect((await refused).lines).toHaveLength(2);
  });

  test.each(['SERVICE_UNAVAILABLE', 'INPUT_INVALID', 'TOKEN_EXPIRED'] as const)('%s asks for no list', async (code) => {
    const aws = memoryAws({ reach: many(1), refused: { GetRoleCredentials: code } });
    expect((await refusalOf(aws)).error.code).toBe(code);
    expect(aws.calls.map(({ call }) => call)).toEqual(['GetRoleCredentials']);
  });
});
