import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';
import { readWorld } from '../../emulator/world/world.ts';
import type { Budget } from '../support/source-case.ts';
import { kinds, sourceCases } from '../support/source-cases.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
// Only the input `profiles` needs these: its reader, its resolver, its delivery.
const severalProfiles = ['is an empty map', 'profiles that exist already', 'profiles ${'];

let folder: string;
let emulator: Emulator;
let table: Readonly<Record<string, Budget>>;
beforeAll(async () => {
  emulator = await startEmulator();
  const idToken = await emulator.idToken({ audience: 'sts.amazonaws.com' });
  const place = { url: emulator.url, idToken, world: readWorld() };
  table = Object.fromEntries(sourceCases.map(({ kind, budget }) => [kind, budget(place)]));
});
afterAll(() => emulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-budget-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** At the end of a process, writes the files of dist/ that are in Node's module cache to `log`. */
const recorder = (log: string) =>
  `process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file.startsWith(${JSON.stringify(dist)}));
  require('node:fs').appendFileSync(${JSON.stringify(log)}, files.map((file) => file + '\\n').join(''));
});`;

/** The files of dist/ that main loads in this row. */
async function loadedBy({ with: inputs, environment, files = {} }: Budget): Promise<readonly string[]> {
  const [log, preload] = [join(folder, 'loaded.txt'), join(folder, 'recorder.cjs')];
  writeFileSync(preload, recorder(log));
  const options = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
  const job = createJob({ folder, environment: { ...emulator.environment, ...environment, ...options } });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const result = await job.use({ with: { 'aws-region': 'us-east-1', 'verify-identity': 'false', ...inputs } });
  expect([result.exitCode, result.annotations]).toEqual([0, []]);
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

test.each(kinds)('%s: main loads what it needs, and little more', async (kind) => {
  const row = table[kind];
  if (row === undefined) throw new Error(`The source ${kind} has no case: add __tests__/sources/${kind}/case.ts`);
  const files = await loadedBy(row);
  expect(files).toContain(join(dist, 'main', 'index.js'));
  const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect([...row.without, ...severalProfiles].filter((word) => code.includes(word))).toEqual([]);
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(row.measured * 1.05);
});

test('each word that must not be loaded is in dist', () => {
  const code = readdirSync(join(dist, 'main')).map((name) => readFileSync(join(dist, 'main', name), 'utf8'));
  const words = new Set([...severalProfiles, ...Object.values(table).flatMap(({ without }) => without)]);
  expect([...words].filter((word) => !code.some((text) => text.includes(word)))).toEqual([]);
});
