import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../../emulator/main.ts', import.meta.url));

test('prints the environment, serves, and ends when it is asked to', async () => {
  const child = spawn(process.execPath, [main, '--port', '0', '--latency', '1'], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('/emulator/reset')) break;
  }
  const exported = Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value]];
    }),
  );
  expect(Object.keys(exported)).toEqual([
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'AWS_ENDPOINT_URL_STS',
    'AWS_ENDPOINT_URL_SSO',
    'AWS_ENDPOINT_URL_SSO_OIDC',
    'AWS_ENDPOINT_URL_COGNITO_IDENTITY',
  ]);
  // All else is a comment, so that the whole can be given to a shell.
  expect(lines.filter((line) => !/^(export |#|$)/.test(line))).toEqual([]);

  const response = await fetch(`${exported.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=a`, {
    headers: { authorization: `Bearer ${exported.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
  });
  expect(response.status).toBe(200);

  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  // Windows knows no signals: there the process is ended without being asked.
  expect(await ended).toEqual(process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
});

test.each([['--port', 'x'], ['--latency', '-1'], ['--lifetime', 'x'], ['--other']])(
  'refuses %s %s',
  async (...options) => {
    const child = spawn(process.execPath, [main, ...options], { env: {}, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
  },
);
