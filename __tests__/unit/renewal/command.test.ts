import { expect, test } from '@jest/globals';
import { CredentialError } from '../../../src/contract/errors.ts';
import { servedSession, sessionDocument } from '../../../src/formats/served-session.ts';
import { renewalCommand } from '../../../src/renewal/command.ts';
import { memoryFolder } from '../../support/memory-folder.ts';

const now = Date.parse('2030-01-01T00:00:00Z');
const document = (accessKeyId: string) => {
  const expiration = new Date(now + 3_600_000);
  return sessionDocument(servedSession({ accessKeyId, secretAccessKey: 'secret', expiration }, now));
};

async function run(...words: readonly string[]) {
  const printed: string[] = [];
  const said: string[] = [];
  const opened: string[] = [];
  const files = { 'plan.json': '{"account":""}', 'session.json': document('JOB'), 'session-p1.json': document('P1') };
  const code = await renewalCommand(words, {
    open(path) {
      opened.push(path);
      return memoryFolder(files);
    },
    now: () => now,
    resolve: async () => {
      throw new CredentialError('ACCESS_DENIED', 'The role was refused', { hint: 'Check its trust policy.' });
    },
    print: (text) => void printed.push(text),
    complain: (text) => void said.push(text),
  });
  return { code, printed, said, opened };
}

test.each([
  [['/folder'], 'JOB'],
  [['/folder', ''], 'JOB'],
  [['/folder', 'p1'], 'P1'],
])('%j prints one document', async (words, name) => {
  expect(await run(...words)).toEqual({ code: 0, printed: [document(name)], said: [], opened: ['/folder'] });
});

test('a failure prints nothing, and says code, message and hint', async () => {
  expect(await run('/folder', 'p2')).toMatchObject({
    code: 1,
    printed: [],
    said: ['ACCESS_DENIED: The role was refused\nCheck its trust policy.\n'],
  });
});

test('a key that is not ours prints nothing', async () => {
  expect(await run('/folder', '../x')).toMatchObject({
    code: 1,
    printed: [],
    said: [expect.stringMatching(/^PROTOCOL_ERROR: /)],
  });
});
