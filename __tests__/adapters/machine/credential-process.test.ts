import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCredentialProcess } from '../../../src/adapters/machine/credential-process.ts';
import { CredentialError } from '../../../src/contract/errors.ts';

const output = { Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'the-secret-of-it' };
const origin = 'Input "credential-process"';
const now = () => Date.parse('2026-01-01T00:00:00Z');
const posix = process.platform === 'win32' ? test.skip : test;

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'process-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly words?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs a script of Node as the credential process. */
function runScript(script: string, { words = '', env = {}, timeoutMs }: Options = {}) {
  const file = join(folder, 'a script.cjs');
  writeFileSync(file, script);
  return runCommand(`"${process.execPath}" "${file}" ${words}`, {
    env,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/** Keeps the masks, and what reaches this process's own stdout and stderr. */
async function runCommand(command: string, { env = {}, timeoutMs }: Options = {}) {
  const masks: string[] = [];
  const shown: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => {
    shown.push(String(text));
    return true;
  };
  const surroundings = { mask: (secret: string) => void masks.push(secret), now };
  const result = await runCredentialProcess(
    { command, origin, env: { PATH: process.env.PATH, ...env } },
    timeoutMs === undefined ? surroundings : { ...surroundings, timeoutMs },
  )
    .then((retrieved) => ({ retrieved }))
    .catch((error: unknown) => ({ error }))
    .finally(() => {
      process.stdout.write = write;
    });
  return { ...result, masks, shown: shown.join('') };
}

/** The refusal in full, as the user could see it, causes included. */
async function refusalOf(run: ReturnType<typeof runCommand>) {
  const { masks, shown, ...result } = await run;
  if (!('error' in result) || !(result.error instanceof CredentialError)) throw new Error('it was not refused');
  const { code, message, hint, cause } = result.error;
  expect(cause).toBeUndefined();
  expect(shown).toBe('');
  return { code, text: `${message}\n${hint}`, masks };
}

describe('a process that does well', () => {
  test('hands over its keys, masked, and nothing of it is shown', async () => {
    const all = {
      ...output,
      SessionToken: 'the-token-of-it',
      Expiration: '2026-01-01T01:00:00Z',
      AccountId: '111111111111',
    };
    const run = await runScript(`console.error('noise'); console.log(${JSON.stringify(JSON.stringify(all))});`);
    expect(run).toEqual({
      retrieved: {
        credentials: {
          accessKeyId: 'AKIAEXAMPLE',
          secretAccessKey: 'the-secret-of-it',
          sessionToken: 'the-token-of-it',
          expiration: new Date('2026-01-01T01:00:00Z'),
        },
        identity: { account: '111111111111' },
      },
      masks: ['AKIAEXAMPLE', 'the-secret-of-it', 'the-token-of-it'],
      shown: '',
    });
  });

  test('is given its words as they are quoted, and no shell reads them', async () => {
    const script = `const words = process.argv.slice(2); console.log(JSON.stringify({ ...${JSON.stringify(output)}, SessionToken: Buffer.from(JSON.stringify(words)).toString('hex') }))`;
    const { retrieved } = Object(await runScript(script, { words: '"a  b" $HOME "" ; > x --x="1 2" *' }));
    const words = Buffer.from(retrieved.credentials.sessionToken, 'hex').toString();
    expect(JSON.parse(words)).toEqual(['a  b', '$HOME', '', ';', '>', 'x', '--x=1 2', '*']);
  });

  test("finds the job's environment, but nothing of the step's own", async () => {
    const env = {
      KEPT: 'kept',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'kept',
      AWS_CONFIG_FILE: '/kept',
      'INPUT_SEALING-KEY': 'x',
      STATE_undo: 'x',
      GITHUB_OUTPUT: 'x',
      GITHUB_ENV: 'x',
      GITHUB_STATE: 'x',
      GITHUB_PATH: 'x',
      ACTIONS_RUNTIME_TOKEN: 'x',
      AWS_PROFILE: '',
      EMPTY: '',
    };
    const names = JSON.stringify(Object.keys(env));
    const script = `const found = ${names}.filter((name) => name in process.env); console.log(JSON.stringify({ ...${JSON.stringify(output)}, SessionToken: found.join() }))`;
    const { retrieved } = Object(await runScript(script, { env }));
    expect(retrieved.credentials.sessionToken).toBe('KEPT,ACTIONS_ID_TOKEN_REQUEST_TOKEN,AWS_CONFIG_FILE,EMPTY');
  });

  test('need not wait for what asks: its input is at its end', async () => {
    const script = `process.stdin.on('end', () => console.log(${JSON.stringify(JSON.stringify(output))})).resume()`;
    expect(await runScript(script)).toMatchObject({ retrieved: {} });
  });

  posix('may leave something behind that holds its streams', async () => {
    const left = `require('node:child_process').spawn('sleep', ['30'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }).unref()`;
    expect(await runScript(`${left}; console.log(${JSON.stringify(JSON.stringify(output))})`)).toMatchObject({
      retrieved: {},
    });
  });

  posix('may stand at a path with blanks and quotes', async () => {
    const place = join(folder, 'a "b" c');
    mkdirSync(place);
    const file = join(place, 'to ol');
    writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(output)}'\n`);
    chmodSync(file, 0o755);
    expect(await runCommand(`'${file}'`)).toMatchObject({ retrieved: {} });
  });

  posix('may be gone before its input is closed', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(await refusalOf(runCommand('true'))).toMatchObject({ code: 'TOKEN_UNREADABLE' });
    }
  });
});

describe('a process that does not', () => {
  test.each<[what: string, script: string, code: string, message: RegExp]>([
    ['fails', 'process.exit(7)', 'TOKEN_UNREADABLE', /the command ended with exit code 7\n/],
    [
      'says why',
      "console.error('\\u001b[31mlocked\\u001b[0m\\u0007'); process.exit(1)",
      'TOKEN_UNREADABLE',
      /exit code 1, and said on stderr:\nlocked\n/,
    ],
    ['prints nothing', '', 'TOKEN_UNREADABLE', /its output is empty/],
    ['prints no JSON', "console.log('login please')", 'TOKEN_UNREADABLE', /its output is not JSON/],
    ['prints version 2', 'console.log(\'{"Version":2}\')', 'TOKEN_UNREADABLE', /"Version" that is not the number 1/],
    [
      'prints keys that have ended',
      `console.log(JSON.stringify({ ...${JSON.stringify(output)}, Expiration: '2026-01-01T00:00:00Z' }))`,
      'TOKEN_EXPIRED',
      /ended at 2026-01-01T00:00:00\.000Z/,
    ],
    [
      'never stops printing',
      "const more = () => process.stdout.write('x'.repeat(65536), more); more()",
      'TOKEN_UNREADABLE',
      /printed more than 1 MiB and was killed/,
    ],
  ])('%s', async (_what, script, code, message) => {
    const refusal = await refusalOf(runScript(script));
    expect(refusal.code).toBe(code);
    expect(refusal.text).toMatch(/^Input "credential-process": the command /);
    expect(refusal.text).toMatch(message);
  });

  posix('is killed', async () => {
    const refusal = await refusalOf(runScript("process.kill(process.pid, 'SIGKILL')"));
    expect(refusal).toMatchObject({ code: 'TOKEN_UNREADABLE', text: expect.stringContaining('was killed (SIGKILL)') });
  });

  test('takes too long: it is ended, with all that it has started', async () => {
    const file = join(folder, 'alive');
    const child = `setInterval(() => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(Date.now())), 20)`;
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const run = runScript(script, { timeoutMs: 3000 });
    while (!existsSync(file)) await wait(20);
    expect(await refusalOf(run)).toMatchObject({
      code: 'TIMED_OUT',
      text: expect.stringContaining('did not end within 3 s and was killed'),
    });
    await wait(300);
    const last = readFileSync(file, 'utf8');
    await wait(300);
    expect(readFileSync(file, 'utf8')).toBe(last);
  });

  test('does not outlive the step that gives up waiting for it', async () => {
    const file = join(folder, 'alive');
    const tool = `setInterval(() => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(Date.now())), 20)`;
    const run = { path: process.execPath, args: ['-e', tool], env: {}, timeoutMs: 60_000 };
    const module = new URL('../../../src/adapters/machine/run-program.ts', import.meta.url).href;
    const step = `const { runProgram } = await import(${JSON.stringify(module)});
      void runProgram(${JSON.stringify(run)});
      const { existsSync } = await import('node:fs');
      setInterval(() => existsSync(${JSON.stringify(file)}) && process.exit(5), 20);`;
    const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', step];
    const ended = once(spawn(process.execPath, options, { stdio: 'inherit' }), 'exit');
    expect(await ended).toEqual([5, null]);
    await wait(300);
    const last = readFileSync(file, 'utf8');
    await wait(300);
    expect(readFileSync(file, 'utf8')).toBe(last);
  });

  test.each<[what: string, command: string, message: string]>([
    ['is not there', 'no-such-tool --password hunter2', 'the command was not found'],
    ['is not there, by its path', '/no/such/tool hunter2', 'the command was not found'],
    ['is half quoted', 'tool "hunter2', 'has a quote that is not closed'],
    ['is nothing', '""', 'names no program'],
  ])('%s', async (_what, command, message) => {
    const refusal = await refusalOf(runCommand(command));
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID', text: expect.stringContaining(message) });
    expect(refusal.text).not.toMatch(/hunter2|no-such|no\/such/);
  });

  posix('has an interpreter that is not there', async () => {
    const file = join(folder, 'tool');
    writeFileSync(file, '#!/no/such/interpreter\n');
    chmodSync(file, 0o755);
    expect(await refusalOf(runCommand(file))).toMatchObject({
      code: 'INPUT_INVALID',
      text: expect.stringContaining('could not be started (ENOENT)'),
    });
  });
});

describe('secrets in what it says', () => {
  const leaking = (text: string) =>
    runScript(text, { words: '--password hunter2-hunter2', env: { VAULT_TOKEN: 'hvs.of-vault' } });

  test('are hidden: those that it printed, those of its words, those of its environment', async () => {
    const { text, masks } = await refusalOf(
      leaking(
        `console.log(${JSON.stringify(JSON.stringify(output))}); console.error('said the-secret-of-it', process.argv[3], process.env.VAULT_TOKEN, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'SecretAccessKey'); process.exitCode = 1`,
      ),
    );
    expect(masks).toEqual(['AKIAEXAMPLE', 'the-secret-of-it']);
    expect(text).toContain('said *** *** *** *** SecretAccessKey\n');
  });

  test('are hidden where what it printed is no JSON', async () => {
    const { text } = await refusalOf(
      leaking("console.log('secret: never-told-one'); console.error('never-told-one!'); process.exitCode = 1"),
    );
    expect(text).toContain('said on stderr:\n***!\n');
  });

  test('are hidden where characters that nobody sees stand in them', async () => {
    const { text } = await refusalOf(
      leaking("console.error('\\x1b[1mhunter2-\\x1b[0mhunter2 hvs.of\\b-vault'); process.exitCode = 1"),
    );
    expect(text).toContain('said on stderr:\n*** ***\n');
  });

  test('only the end of a long complaint is shown', async () => {
    const { text } = await refusalOf(leaking("console.error('a'.repeat(200000) + ' the end'); process.exitCode = 1"));
    expect(text).toMatch(/said on stderr:\n… a{900,} the end\n/);
    expect(text.length).toBeLessThan(1500);
  });
});
