import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { removeJobFolder } from '../../../src/adapters/machine/remove-job-folder.ts';

let folder = '';
let bundle = '';
beforeAll(() => {
  bundle = mkdtempSync(join(tmpdir(), 'renewal-program-'));
  const stdin = { contents: program, resolveDir: fileURLToPath(new URL('../../../src', import.meta.url)) };
  buildSync({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: join(bundle, 'program.mjs') });
});
afterAll(() => rmSync(bundle, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'renewal-'));
  writeFileSync(join(folder, 'plan.json'), '{"account":"111111111111"}');
  writeFileSync(join(folder, 'journal'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a line for each request, which takes so many milliseconds; the key names the process. */
const program = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  import { openJobFolder } from './adapters/machine/job-folder.ts';
  import { serveSession } from './renewal/renew.ts';
  const [path, pause, life, killedAt] = process.argv.slice(2);
  let operations = 0;
  const counted = (act) => (...given) => {
    if (++operations === Number(killedAt)) process.kill(process.pid, 'SIGKILL');
    return act(...given);
  };
  const folder = Object.fromEntries(Object.entries(openJobFolder(path, String(process.pid))).map(([name, act]) => [name, counted(act)]));
  const resolve = async () => {
    appendFileSync(path + '.calls', process.pid + '\\n');
    await delay(Number(pause));
    const credentials = { accessKeyId: 'ASIA' + process.pid, secretAccessKey: 's'.repeat(4000), expiration: new Date(Date.now() + Number(life) * 1000) };
    return { credentials, identity: { account: '111111111111' }, region: 'eu-west-1' };
  };
  serveSession({ folder, now: Date.now, resolve }).then(
    (document) => process.stdout.write(document),
    (error) => { console.error(error.message); process.exitCode = 1; },
  );
`;

interface Called {
  readonly code: number | null;
  readonly keyId: string | undefined;
  readonly stderr: string;
}

/** `killedAt`: the operation on the folder at which the process is killed. */
function start(pause: number, life = 3600, killedAt = 0) {
  const given = [folder, ...[pause, life, killedAt].map(String)];
  return spawn(process.execPath, [join(bundle, 'program.mjs'), ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function call(pause: number, life?: number): Promise<Called> {
  const child = start(pause, life);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, keyId: stdout === '' ? undefined : JSON.parse(stdout).AccessKeyId, stderr };
}

const calls = () => readFileSync(`${folder}.calls`, 'utf8').trim().split('\n');
afterEach(() => rmSync(`${folder}.calls`, { force: true }));
const remove = () =>
  removeJobFolder(folder, ['plan.json', 'session.json', 'until', 'journal', 'credentials', 'config', 'code/']);

test('50 callers on a cold cache: one renewal, and all get its session', async () => {
  const called = await Promise.all(Array.from({ length: 50 }, () => call(300)));
  expect(calls()).toHaveLength(1);
  expect(new Set(called.map(({ code, keyId, stderr }) => `${code} ${keyId} ${stderr}`))).toEqual(
    new Set([`0 ASIA${calls()[0]} `]),
  );
  expect(readdirSync(folder).sort()).toEqual(['journal', 'plan.json', 'session.json', 'until']);
}, 120_000);

test('a renewal that is killed while AWS is asked: the next caller takes over', async () => {
  const child = start(60_000);
  while (!readdirSync(folder).includes('session.json.lock')) await delay(10);
  child.kill('SIGKILL');
  expect(await call(0)).toMatchObject({ code: 0, keyId: expect.stringMatching(/^ASIA\d+$/), stderr: '' });
});

test('a renewal that is killed at any of its steps: the next caller gets valid credentials, and post leaves nothing', async () => {
  const left = new Set<string>();
  let signal: string | null = 'SIGKILL';
  for (let step = 1; signal !== null; step += 1) {
    const child = start(0, 0.001, step);
    signal = await new Promise<string | null>((resolve) => child.once('exit', (_code, by) => resolve(by)));
    for (const name of readdirSync(folder)) left.add(name);
    age('session.json.lock');
    expect(await call(0, 0.001)).toMatchObject({ code: 0, keyId: expect.stringMatching(/^ASIA\d+$/), stderr: '' });
  }
  // Some of them were killed with the lock in their hands.
  expect(left).toContain('session.json.lock');
  expect(remove()).toBe('removed');
}, 120_000);

/** As it is some seconds after its holder was killed. */
function age(name: string): void {
  if (!readdirSync(folder).includes(name)) return;
  const then = new Date(Date.now() - 10_000);
  utimesSync(join(folder, name), then, then);
}
