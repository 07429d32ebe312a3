// A disk without room, in earnest: a file system of a few pages, and a limit on the size of files.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFiles } from '../../../src/adapters/machine/files.ts';
import { cleanUp } from '../../../src/clean-up.ts';
import { deliver } from '../../../src/deliveries/index.ts';
import { profileFiles } from '../../../src/deliveries/profile/write-profile.ts';
import { saveUndo } from '../../../src/deliveries/save-undo.ts';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { keysOf, memoryHost, memoryJob } from '../../support/memory.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'full-disk-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pageSize = 4096;
const pages = 16;

function mount(place: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${pages * pageSize}`, 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether this user may make a file system; the sweep needs one. */
const mountable = (() => {
  const place = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    if (!mount(place)) return false;
    execFileSync('umount', [place]);
    return true;
  } finally {
    rmSync(place, { recursive: true });
  }
})();
const mounted = mountable ? test : test.skip;

/** The texts in the folder, except what only takes up room. */
const texts = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name !== 'filler')
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

/** Delivers a profile where so many pages are free, and takes it back; what was seen on the way. */
async function use(sizes: Readonly<Record<string, number>>, free: number) {
  for (const [name, size] of Object.entries(sizes)) writeFileSync(join(folder, name), '#'.repeat(size));
  const taken = Object.values(sizes).reduce((sum, size) => sum + Math.ceil(size / pageSize), 0);
  writeFileSync(join(folder, 'filler'), Buffer.alloc((pages - taken - free) * pageSize));
  const env = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
  };
  const job = memoryJob();
  const files = createFiles();
  const host = { ...memoryHost(job, { env }), files };
  const inputs = readInputs({ 'INPUT_AWS-PROFILE': 'ci' }, () => {});
  const session = { credentials: keysOf('a'), identity: { account: '111111111111' }, region: 'us-east-1' };
  const before = texts();
  let error: unknown;
  try {
    await deliver({ session, source: 'oidc' }, [profileFiles('ci')], { job, host, inputs, remember: saveUndo });
  } catch (caught) {
    error = caught;
  }
  const after = texts();
  cleanUp(job, { env, files });
  return { before, error, after, end: texts(), said: job.said.join('\n') };
}

describe('a disk without room', () => {
  const cases = [{}, { config: 10 }, { credentials: 4000, config: 10 }, { credentials: 10, config: 4090 }];

  mounted('leaves the files as they were, at whichever write it ends, and says so', async () => {
    const ends = new Set<string>();
    for (const sizes of cases) {
      for (let free = 0; free < 5; free += 1) {
        expect(mount(folder)).toBe(true);
        try {
          const { before, error, after, end, said } = await use(sizes, free);
          expect([sizes, free, end]).toEqual([sizes, free, before]);
          expect(said).not.toContain('warning');
          ends.add(/profile file \S+\/(\w+) cannot/.exec(String(error))?.[1] ?? 'delivered');
          if (error === undefined) continue;
          expect([sizes, free, after]).toEqual([sizes, free, before]);
          expect(error).toMatchObject({
            code: 'DELIVERY_FAILED',
            message: expect.stringContaining('ENOSPC'),
            hint: expect.stringMatching(/^Make room on the disk/),
          });
        } finally {
          execFileSync('umount', [folder]);
        }
      }
    }
    expect(ends).toEqual(new Set(['credentials', 'config', 'delivered']));
  });
});

(process.platform === 'win32' ? test.skip : test)(
  'a file that may not grow any further stays whole, with nothing beside it',
  async () => {
    const writer = fileURLToPath(new URL('../../support/profile-writer.ts', import.meta.url));
    const path = join(folder, 'config');
    const command = 'ulimit -f 1; exec "$0" "$@"';
    const written = promisify(execFile)('bash', ['-c', command, process.execPath, writer, path, 'me', '200', 'write']);
    await expect(written).rejects.toThrow('EFBIG');
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^(\[me-\d+\]\nowner = me\nindex = \d+\n)+$/);
    expect(text.length).toBeGreaterThan(900);
    expect(readdirSync(folder)).toEqual(['config']);
  },
);
