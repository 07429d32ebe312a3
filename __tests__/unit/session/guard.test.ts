import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { checkSession, maskPlan, maskText, readGuard } from '../../../src/session/guard.ts';
import { keysOf, memoryJob } from '../../support/memory.ts';

const read = (allowed: string, mask = 'false') =>
  readGuard(readInputs({ 'INPUT_ALLOWED-ACCOUNT-IDS': allowed, 'INPUT_MASK-AWS-ACCOUNT-ID': mask }, () => {}));
const session = (account: string) => ({
  credentials: keysOf('x'),
  identity: { account, arn: `arn:aws:sts::${account}:assumed-role/x/y` },
  region: 'us-east-1',
});

describe('allowed-account-ids', () => {
  test.each([
    ['111111111111', ['111111111111']],
    [' 111111111111 , 222222222222 ', ['111111111111', '222222222222']],
    ['111111111111\n222222222222\n', ['111111111111', '222222222222']],
    ['', undefined],
  ])('%j', (text, ids) => expect(read(text).allowedAccounts).toEqual(ids));

  test.each([
    '111111111111,',
    ',',
    '111111111111,,222222222222',
    '11111111111',
    '1111111111111',
    '111111111111 222222222222',
    '1111-1111-1111',
    '*',
  ])('%j is refused and never switches the list off', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('"allowed-account-ids"') }),
    );
  });

  test('a list is what stands between its commas and line ends, or refused as a whole', () => {
    const id = fc.integer({ min: 0, max: 999_999_999_999 }).map((value) => String(value).padStart(12, '0'));
    const part = fc.oneof(
      { weight: 6, arbitrary: id },
      fc.constantFrom('', '1111', '*', '1111111111111', 'x', '１１１１１１１１１１１１'),
    );
    const separator = fc.constantFrom(',', ' , ', '\n', '\r\n', ', ');
    const list = fc.tuple(part, fc.array(fc.tuple(separator, part), { maxLength: 4 }));
    let taken = 0;
    fc.assert(
      fc.property(list, ([first, rest]) => {
        const parts = [first, ...rest.map(([, next]) => next)];
        const text = first + rest.map((each) => each.join('')).join('');
        const sound = parts.every((each) => /^[0-9]{12}$/.test(each));
        if (sound) taken += 1;
        if (sound) expect(read(text).allowedAccounts).toEqual(parts);
        else if (text.trim() === '') expect(read(text).allowedAccounts).toBeUndefined();
        else if (parts.some((each) => !/^[0-9]{12}$/.test(each) && each !== '')) expect(() => read(text)).toThrow();
      }),
    );
    expect(taken).toBeGreaterThan(10);
  });

  test('an empty part between commas is refused wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<string>('111111111111', '222222222222'), { maxLength: 4 }),
        fc.nat(4),
        (ids, at) => {
          const parts = ids.toSpliced(Math.min(at, ids.length), 0, '');
          fc.pre(parts.length > 1);
          expect(() => read(parts.join(','))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
        },
      ),
    );
  });

  test('another account is refused, by name only where ids are not masked', () => {
    const refusalOf = (mask: string): unknown => {
      try {
        checkSession(session('999999999999'), read('111111111111', mask), memoryJob());
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refusalOf('false')).toMatchObject({
      code: 'ACCOUNT_NOT_ALLOWED',
      message: expect.stringContaining('999999999999'),
    });
    expect(refusalOf('true')).toMatchObject({
      code: 'ACCOUNT_NOT_ALLOWED',
      message: expect.not.stringMatching(/\d{12}/),
    });
  });

  test('a listed account passes', () => {
    expect(() => checkSession(session('111111111111'), read('222222222222,111111111111'), memoryJob())).not.toThrow();
  });
});

describe('mask-aws-account-id', () => {
  const hop = {
    role: 'arn:aws:iam::222222222222:role/x',
    label: 'role-to-assume',
    sessionName: 's',
    durationSeconds: 3600,
  };
  const source = {
    kind: 'sso',
    token: { from: 'input', text: 't0ken' },
    accountId: '333333333333',
    roleName: 'R',
    region: 'us-east-1',
  } as const;

  test('masks every account that the plan names, before it is logged', () => {
    const job = memoryJob();
    maskPlan({ trunk: { region: 'us-east-1', source, hops: [hop] }, branches: [] }, read('111111111111', 'true'), job);
    expect(job.masks.toSorted()).toEqual(['111111111111', '222222222222', '333333333333']);
  });

  test('masks account and ARN of the session, and accounts in a refusal', () => {
    const job = memoryJob();
    const guard = read('', 'true');
    checkSession(session('444444444444'), guard, job);
    maskText('User: arn:aws:sts::555555555555:assumed-role/a/b is not authorized', guard, job);
    expect(job.masks).toEqual(['444444444444', 'arn:aws:sts::444444444444:assumed-role/x/y', '555555555555']);
  });

  test('masks nothing where it is not asked for', () => {
    const job = memoryJob();
    maskPlan({ trunk: { region: 'us-east-1', source, hops: [hop] }, branches: [] }, read(''), job);
    checkSession(session('444444444444'), read(''), job);
    expect(job.masks).toEqual([]);
  });
});
