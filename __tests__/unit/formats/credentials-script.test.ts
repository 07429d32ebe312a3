import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  credentialsScript,
  isUsablePath,
  processLine,
  type Shell,
  sessionFiles,
} from '../../../src/formats/credentials-script.ts';

const program = { node: process.execPath, entry: 'code/index.js' };

describe('the process line', () => {
  const place = { parent: '/home/runner/_temp', below: 'aws-credential-step/a1/credentials', isRunnerTemp: true };

  test.each<[shell: Shell, place: typeof place, key: string | undefined, line: string]>([
    ['sh', place, undefined, `sh -c '"\${RUNNER_TEMP:-/home/runner/_temp}/aws-credential-step/a1/credentials"'`],
    ['sh', place, 'p1', `sh -c '"\${RUNNER_TEMP:-/home/runner/_temp}/aws-credential-step/a1/credentials" p1'`],
    [
      'sh',
      { ...place, parent: '/tmp', isRunnerTemp: false },
      undefined,
      `sh -c '"/tmp/aws-credential-step/a1/credentials"'`,
    ],
    [
      'cmd',
      { ...place, parent: 'D:\\a\\_temp', below: 'aws-credential-step/a1/credentials.cmd' },
      'p1',
      'D:\\a\\_temp\\aws-credential-step\\a1\\credentials.cmd p1',
    ],
  ])('%s %j %s', (shell, where, key, line) => {
    expect(processLine(shell, where, key)).toBe(line);
  });

  test.each(['a b', '$(x)', "'", '../x', ''])('the key %j never gets into it', (key) => {
    expect(() => processLine('sh', place, key)).toThrow();
    expect(() => sessionFiles(key)).toThrow();
  });
});

describe('paths', () => {
  test.each([
    '/tmp',
    '/home/runner/work/_temp',
    '/Users/me/with blanks/_temp',
    '/tmp/été',
    '/a#b',
    '/a;b',
    '/a,(b)&c%',
  ])('%s can be used by sh', (path) => {
    expect(isUsablePath(path, 'sh')).toBe(true);
  });
  test.each(["/it's", '/a"b', '/a$b', '/a`b', '/a\\b', '/a}b', '/a\nb', '/a #b', '/a ;b'])(
    '%j cannot be used by sh',
    (path) => {
      expect(isUsablePath(path, 'sh')).toBe(false);
    },
  );
  test.each(['D:\\a\\_temp', 'C:\\Users\\RUNNER~1\\Temp', 'C:/a-b+c'])('%s can be used on Windows', (path) => {
    expect(isUsablePath(path, 'cmd')).toBe(true);
  });
  test.each(['C:\\Program Files', 'C:\\a&b', 'C:\\a%b', 'C:\\a^b', "C:\\it's", 'C:\\a"b', 'C:\\a(b)', 'C:\\a!b'])(
    '%s cannot be used on Windows',
    (path) => {
      expect(isUsablePath(path, 'cmd')).toBe(false);
    },
  );
});

test('the script of Windows starts Node without its options, by a path without quotes of its own', () => {
  expect(credentialsScript('cmd', { node: 'C:\\hosted 100%\\node.exe', entry: 'code/index.js' }).split('\r\n')).toEqual(
    [
      '@echo off',
      'setlocal',
      'set NODE_OPTIONS=',
      '"C:\\hosted 100%%\\node.exe" "%~dp0code\\index.js" renew "%~dp0." %1',
      'exit /b %errorlevel%',
      '',
    ],
  );
});

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('the script, run by sh', () => {
  let root = '';
  let folder = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'with blanks ')));
    folder = join(root, 'aws-credential-step', 'a1');
    mkdirSync(join(folder, 'code'), { recursive: true });
    // Shows how it was started, and that it was.
    const echo = 'console.log(JSON.stringify([...process.argv.slice(2), process.env.NODE_OPTIONS, process.env.HOME]))';
    write('code/index.js', `${echo}\nif (process.argv[4] === 'fails') process.exit(7)\n`);
    write('plan.json', '{}');
    install(program.node);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const install = (node: string) => {
    write('credentials', credentialsScript('sh', { ...program, node }));
    chmodSync(join(folder, 'credentials'), 0o700);
  };
  const now = () => Math.floor(Date.now() / 1000);
  const note = (until: number, end: number) => `${until}\n${end}\n2030-01-01T00:00:00Z\n`;
  const session = '{"Version":1}\n';
  const place = () => ({ parent: root, below: 'aws-credential-step/a1/credentials', isRunnerTemp: true });
  /** Runs the process line as AWS tools do, without a shell of its own: its words, quotes taken off. */
  const run = (env: Readonly<Record<string, string>> = {}, key?: string, from = place()) => {
    const [, text = ''] = /^sh -c '(.*)'$/s.exec(processLine('sh', from, key)) ?? [];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', text], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const printed = { status: 0, stdout: session, stderr: '' };
  const started = (words: readonly string[], home: string | null = null) => ({
    status: 0,
    stdout: `${JSON.stringify(['renew', folder, ...words, '', home])}\n`,
    stderr: '',
  });

  test.each<[what: string, env: () => Readonly<Record<string, string>>]>([
    ['with RUNNER_TEMP', () => ({ RUNNER_TEMP: root })],
    ['without RUNNER_TEMP', () => ({})],
    ['with an empty RUNNER_TEMP', () => ({ RUNNER_TEMP: '' })],
  ])('a fresh session is printed, %s', (_what, env) => {
    write('session.json', session);
    write('until', note(now() + 60, now() + 120));
    expect(run(env())).toEqual(printed);
  });

  test('in a container the folder has another path', () => {
    write('session.json', session);
    write('until', note(now() + 60, now() + 120));
    const other = join(root, 'github');
    cpSync(join(root, 'aws-credential-step'), join(other, 'aws-credential-step'), { recursive: true });
    expect(run({ RUNNER_TEMP: other }, undefined, { ...place(), parent: '/not/there' })).toEqual(printed);
  });

  test('a profile has a session of its own', () => {
    write('session-p1.json', session);
    write('until-p1', note(now() + 60, now() + 120));
    expect(run({}, 'p1')).toEqual(printed);
    expect(run({}, 'p2')).toEqual(started(['p2']));
  });

  test.each<[what: string, until: () => string | undefined]>([
    ['no longer served', () => note(now() - 1, now() + 60)],
    ['without a note', () => undefined],
    ['with an empty note', () => ''],
    ['with a damaged note', () => 'soon\nlater\n'],
  ])('a session %s is renewed, without the options of Node', (_what, until) => {
    write('session.json', session);
    const text = until();
    if (text !== undefined) write('until', text);
    expect(run({ NODE_OPTIONS: '--require /not/there', HOME: '/home/me' })).toEqual(started([], '/home/me'));
  });

  test('a note without its session starts the renewal, whose exit code is that of the script', () => {
    write('until-fails', note(now() + 60, now() + 120));
    expect(run({}, 'fails')).toMatchObject({ status: 7 });
  });

  test('a path of Node with quotes', () => {
    const node = join(root, "it's node");
    writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o700 });
    install(node);
    expect(run()).toEqual(started([]));
  });

  describe('where there is no Node, as in a container', () => {
    beforeEach(() => install('/not/there/node'));

    test('the session is printed while it lives', () => {
      write('session.json', session);
      write('until', note(now() - 10, now() + 10));
      expect(run()).toEqual(printed);
    });

    test('an expired one is not, and the message says what to do', () => {
      write('session.json', session);
      write('until', note(now() - 20, now() - 10));
      expect(run()).toEqual({
        status: 1,
        stdout: '',
        stderr:
          'TOKEN_EXPIRED: The credentials expired at 2030-01-01T00:00:00Z, and this container has no Node to renew them with\n' +
          'Run the command outside the container, or ask for a longer session.\n',
      });
    });
  });

  test('after post has removed the plan', () => {
    rmSync(join(folder, 'plan.json'));
    expect(run()).toEqual({
      status: 1,
      stdout: '',
      stderr: 'NO_SOURCE: The job ended, and its credentials were removed\n',
    });
  });

  test('every shell of POSIX takes it', () => {
    for (const shell of ['dash', 'bash', 'busybox']) {
      const found = spawnSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).stdout.trim();
      if (found === '') continue;
      write('session.json', session);
      write('until', note(now() + 60, now() + 120));
      const words = [...(shell === 'busybox' ? ['sh'] : []), join(folder, 'credentials')];
      expect(execFileSync(found, words, { encoding: 'utf8' })).toBe(session);
      write('until', note(0, 0));
      expect(JSON.parse(execFileSync(found, words, { encoding: 'utf8' }))).toEqual([
        'renew',
        folder,
        '',
        process.env.HOME ?? null,
      ]);
    }
  });
});
