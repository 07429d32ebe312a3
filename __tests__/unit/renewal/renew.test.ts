import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Session } from '../../../src/contract/credentials.ts';
import { CredentialError } from '../../../src/contract/errors.ts';
import { parseJournal } from '../../../src/formats/journal.ts';
import { servedSession, sessionDocument, untilNote } from '../../../src/formats/served-session.ts';
import { serveSession } from '../../../src/renewal/renew.ts';
import type { SavedPlan } from '../../../src/renewal/saved-plan.ts';
import { type MemoryFolder, memoryFolder } from '../../support/memory-folder.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const account = '111111111111';
const plan = JSON.stringify({ account, plan: { region: 'eu-west-1' } });
const credentialsOf = (name: string, bornAt: number, life: number) => ({
  accessKeyId: name,
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: new Date(bornAt + life * 1000),
});
const stored = (name: string, life = 3600, key = '') => {
  const session = servedSession(credentialsOf(name, start, life), start);
  return { [`session${key}.json`]: sessionDocument(session), [`until${key}`]: untilNote(session) };
};
const unavailable = new CredentialError('SERVICE_UNAVAILABLE', 'STS responded 503', { hint: 'Try again later.' });

let now = start;
let asked: SavedPlan[] = [];
let answer: () => Promise<Session>;
const session = (changes: Partial<Session['identity']> = {}, life = 3600): Session => ({
  credentials: credentialsOf('NEW', now, life),
  identity: { account, ...changes },
  region: 'eu-west-1',
});
beforeEach(() => {
  now = start;
  asked = [];
  answer = async () => session();
});
const ports = (folder: MemoryFolder) => ({
  folder,
  now: () => now,
  resolve: (saved: SavedPlan) => {
    asked = [...asked, saved];
    return answer();
  },
});
const folderWith = (texts: Readonly<Record<string, string>> = {}) =>
  memoryFolder({ 'plan.json': plan, journal: '', ...texts });
/** What the caller gets: the key and the end that is printed, or the error. */
async function serve(folder: MemoryFolder, key?: string): Promise<string> {
  try {
    const { AccessKeyId, Expiration } = JSON.parse(await serveSession(ports(folder), key));
    return `${AccessKeyId} until ${Expiration}`;
  } catch (error) {
    return error instanceof CredentialError ? `${error.code}: ${error.message}` : String(error);
  }
}
const codesIn = (folder: MemoryFolder) => parseJournal(folder.files.get('journal') ?? '').map(({ code }) => code);

test('a fresh session is printed, and nobody is asked', async () => {
  const folder = folderWith(stored('OLD'));
  now = start + 2399_000;
  expect(await serve(folder)).toBe('OLD until 2030-01-01T00:59:00Z');
  expect(asked).toEqual([]);
});

test('a session whose time has come is renewed by the plan, stored and written down', async () => {
  const folder = folderWith(stored('OLD'));
  now = start + 2400_000;
  expect(await serve(folder)).toBe('NEW until 2030-01-01T01:39:00Z');
  expect(asked.map(({ fields }) => fields.get('plan'))).toEqual([{ region: 'eu-west-1' }]);
  expect(parseJournal(folder.files.get('journal') ?? '')).toEqual([
    { time: now, key: '', code: 'RENEWED', message: '', hint: '' },
  ]);
  expect(folder.files.get('until')).toBe(
    `${(now + 2400_000) / 1000}\n${(now + 3600_000) / 1000}\n2030-01-01T01:40:00Z\n`,
  );
  expect([...folder.locks]).toEqual([]);
  expect(await serve(folder)).toBe('NEW until 2030-01-01T01:39:00Z');
  expect(asked).toHaveLength(1);
});

test('a session of a profile is its own', async () => {
  const folder = folderWith({ ...stored('OLD'), ...stored('OLD-P1', 3600, '-p1') });
  now = start + 3000_000;
  expect(await serve(folder, 'p1')).toBe('NEW until 2030-01-01T01:49:00Z');
  expect(folder.files.get('session.json')).toContain('OLD');
  expect(folder.files.get('session-p1.json')).toContain('NEW');
  expect(codesIn(folder)).toEqual(['RENEWED']);
});

test.each([
  ['there is no note', { until: undefined }],
  ['the note is of an older session', { until: '1\n2\nx\n' }],
])('where %s, as after a kill, the next caller writes it', async (_what, { until }) => {
  const folder = folderWith(stored('OLD'));
  const right = folder.files.get('until');
  if (until === undefined) folder.files.delete('until');
  else folder.files.set('until', until);
  expect(await serve(folder)).toBe('OLD until 2030-01-01T00:59:00Z');
  expect(folder.files.get('until')).toBe(right);
  expect(asked).toEqual([]);
});

test.each([
  ['missing', undefined],
  ['damaged', '{"Version":1,"Acc'],
])('a session that is %s is renewed', async (_what, text) => {
  const folder = folderWith(text === undefined ? {} : { 'session.json': text });
  expect(await serve(folder)).toBe('NEW until 2030-01-01T00:59:00Z');
});

describe('a renewal that fails', () => {
  beforeEach(() => {
    answer = () => Promise.reject(unavailable);
  });

  test('the old session is served while it lives, and nobody tries again for 30 s', async () => {
    const folder = folderWith(stored('OLD'));
    now = start + 2400_000;
    for (const seconds of [0, 1, 29, 30]) {
      now = start + 2400_000 + seconds * 1000;
      expect(await serve(folder)).toBe('OLD until 2030-01-01T00:59:00Z');
      expect(asked).toHaveLength(1);
    }
    now += 1000;
    await serve(folder);
    expect(asked).toHaveLength(2);
    expect(codesIn(folder)).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
  });

  test('in the stretch behind the printed end, the true one is printed', async () => {
    const folder = folderWith(stored('OLD'));
    now = start + 3541_000;
    expect(await serve(folder)).toBe('OLD until 2030-01-01T01:00:00Z');
    now += 1000;
    expect(await serve(folder)).toBe('OLD until 2030-01-01T01:00:00Z');
    expect(asked).toHaveLength(1);
  });

  test('after the end it is an error, and the next caller tries at once', async () => {
    const folder = folderWith(stored('OLD'));
    for (const seconds of [3600, 3601]) {
      now = start + seconds * 1000;
      expect(await serve(folder)).toBe('SERVICE_UNAVAILABLE: STS responded 503');
    }
    expect(asked).toHaveLength(2);
    expect([...folder.locks]).toEqual([]);
  });

  test('once it succeeds again, that is written down too', async () => {
    const folder = folderWith(stored('OLD'));
    now = start + 2400_000;
    await serve(folder);
    answer = async () => session();
    now += 31_000;
    expect(await serve(folder)).toMatch(/^NEW/);
    expect(codesIn(folder)).toEqual(['SERVICE_UNAVAILABLE', 'RENEWED']);
  });

  test('what nobody foresaw gets a code', async () => {
    answer = () => Promise.reject(new TypeError('x is not a function'));
    expect(await serve(folderWith())).toMatch(/^PROTOCOL_ERROR: /);
  });
});

describe('the account', () => {
  test.each<
    [what: string, identity: Partial<Session['identity']>, allowed: readonly string[] | undefined, end: RegExp]
  >([
    ['the same', {}, undefined, /^NEW/],
    ['the same, and allowed', {}, [account], /^NEW/],
    ['another', { account: '222222222222' }, undefined, /^ACCOUNT_NOT_ALLOWED: .* another account/],
    ['unknown now', { account: '' }, undefined, /^ACCOUNT_NOT_ALLOWED: /],
    ['no longer allowed', {}, ['333333333333'], /^ACCOUNT_NOT_ALLOWED: .*"allowed-account-ids"/],
  ])('%s', async (_what, identity, allowedAccounts, end) => {
    answer = async () => session(identity);
    const folder = folderWith({ 'plan.json': JSON.stringify({ account, allowedAccounts }) });
    const said = await serve(folder);
    expect(said).toMatch(end);
    expect(said).not.toContain('222222222222');
    expect(folder.files.has('session.json')).toBe(said.startsWith('NEW'));
  });
});

describe('while another process renews', () => {
  const held = (texts: Readonly<Record<string, string>>) => {
    const folder = folderWith(texts);
    folder.locks.set('session.json', 'theirs');
    return folder;
  };

  test('a session with 60 s left is served at once', async () => {
    const folder = held(stored('OLD'));
    now = start + 3540_000;
    expect(await serve(folder)).toBe('OLD until 2030-01-01T01:00:00Z');
    expect(asked).toEqual([]);
    expect(codesIn(folder)).toEqual([]);
  });

  test('with less left, the caller waits and gets what the other got', async () => {
    const folder = held(stored('OLD'));
    now = start + 3541_000;
    folder.whileWaiting(() => {
      const renewed = servedSession(credentialsOf('THEIRS', now, 3600), now);
      folder.files.set('session.json', sessionDocument(renewed));
    });
    expect(await serve(folder)).toBe('THEIRS until 2030-01-01T01:58:01Z');
    expect(asked).toEqual([]);
  });

  test('without any, the caller gets the error of the other instead of asking too', async () => {
    const folder = held({});
    folder.whileWaiting(() => {
      now += 10;
      const line = { time: new Date(now).toISOString(), key: '', code: 'ACCESS_DENIED', message: 'no', hint: 'h' };
      folder.files.set('journal', `${JSON.stringify(line)}\n`);
    });
    expect(await serve(folder)).toBe('ACCESS_DENIED: no');
    expect(asked).toEqual([]);
  });

  test('a lock that does not come free', async () => {
    expect(await serve(held({}))).toBe('TIMED_OUT: The renewal did not finish within 45 s');
  });

  test('a lock that was taken over meanwhile: nothing is written', async () => {
    const folder = folderWith();
    answer = async () => {
      folder.locks.set('session.json', 'theirs');
      return session();
    };
    expect(await serve(folder)).toMatch(/^DELIVERY_FAILED: .*taken over/);
    expect(folder.files.has('session.json')).toBe(false);
    expect(folder.locks.get('session.json')).toBe('theirs');
  });
});

describe('the folder', () => {
  test.each([
    ['before', (folder: MemoryFolder) => folder.files.delete('plan.json')],
    ['during', () => false],
  ])('a job that ends %s the renewal', async (_when, remove) => {
    const folder = folderWith();
    remove(folder);
    answer = async () => {
      folder.files.clear();
      return session();
    };
    expect(await serve(folder)).toBe('NO_SOURCE: The job ended, and its credentials were removed');
    expect(folder.files.has('session.json')).toBe(false);
  });

  test('a damaged plan', async () => {
    const folder = folderWith({ 'plan.json': '{"account":', ...stored('OLD') });
    now = start + 2400_000;
    expect(await serve(folder)).toMatch(/^OLD/);
    now = start + 3600_000;
    expect(await serve(folder)).toMatch(/^DELIVERY_FAILED: .*plan\.json.* is damaged$/);
  });

  test.each([['replace session.json'], ['lock session.json'], ['read plan.json']])(
    '%s fails: the old session while it lives, then a message',
    async (operation) => {
      const folder = folderWith(stored('OLD'));
      folder.break(operation);
      now = start + 2400_000;
      expect(await serve(folder)).toMatch(/^OLD/);
      now = start + 3600_000;
      expect(await serve(folder)).toMatch(/^DELIVERY_FAILED: .*no space left/);
    },
  );

  test('a note or a journal that cannot be written keeps nobody from the session', async () => {
    const folder = folderWith(stored('OLD'));
    folder.files.delete('until');
    folder.break('replace until', 'append journal');
    expect(await serve(folder)).toMatch(/^OLD/);
  });

  test('the journal of a job that does nothing but fail stops growing', async () => {
    answer = () => Promise.reject(unavailable);
    const folder = folderWith({ journal: 'x'.repeat(300_000) });
    await serve(folder);
    expect(folder.files.get('journal')).toHaveLength(300_000);
  });
});

describe('time limits', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    ['there is a session to fall back on', stored('OLD'), 10_000, /^OLD/],
    ['there is none', {}, 45_000, /^TIMED_OUT: The renewal did not finish within 45 s$/],
  ])('where %s', async (_what, texts, limit, end) => {
    const folder = folderWith(texts);
    now = start + 2400_000;
    answer = () => new Promise(() => {});
    let said = '';
    const served = serve(folder).then((text) => {
      said = text;
    });
    await jest.advanceTimersByTimeAsync(limit - 1000);
    expect(said).toBe('');
    await jest.advanceTimersByTimeAsync(1000);
    await served;
    expect(said).toMatch(end);
    expect(codesIn(folder)).toEqual(['TIMED_OUT']);
    expect([...folder.locks]).toEqual([]);
  });
});
