import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** Files of tests that do what they must not, or check what one before them left, in the order in which they run. */
const files: Readonly<Record<string, string>> = {
  'a-patches.test.js': `
    require('node:net').Socket.prototype.connect = () => {};
    test('is fine', () => {});`,
  'b-skips.test.js': `
    require('node:http').request = () => {};
    test.skip('is not run', () => {});`,
  'c-follows.test.js': `
    const { get } = require('node:http');
    test('reaches this machine', (done) => {
      const server = require('node:http').createServer((_, response) => response.end('here'));
      server.listen(0, '127.0.0.1', () =>
        get({ host: 'localhost', family: 4, port: server.address().port, agent: false }, (response) => {
          response.resume().on('end', () => server.close(done));
        }),
      );
    });`,
  'd-connects.test.js': `
    test('swallows the error', (done) => {
      require('node:net').connect(443, '192.0.2.1').on('error', ({ code }) => done(code === 'ENETUNREACH' ? null : code));
    });
    test('does nothing', () => {});`,
  'e-asks.test.js': `
    const dns = require('node:dns');
    test('by callback', (done) => void dns.lookup('aws.invalid', ({ code }) => done(code === 'ENOTFOUND' ? null : code)));
    test('by promise', () => expect(dns.promises.lookup('promised.invalid')).rejects.toThrow('ENOTFOUND'));
    test('by fetch', () => expect(fetch('https://fetched.invalid/')).rejects.toThrow());`,
  'f-asks-late.test.js': `
    test('is fine', () => {});
    afterAll(() => require('node:dns').promises.lookup('late.invalid').catch(() => {}));`,
};

interface Result {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly title: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

let folder = '';
let results = new Map<string, Result>();
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'environment-')));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const sequence = `const { default: Sequencer } = require(${JSON.stringify(fileURLToPath(import.meta.resolve('@jest/test-sequencer')))});
    module.exports = class extends Sequencer { sort(tests) { return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1)); } };`;
  writeFileSync(join(folder, 'sequencer.js'), sequence);
  const config = {
    rootDir: folder,
    testEnvironment: fileURLToPath(new URL('../support/environment.ts', import.meta.url)),
    testSequencer: join(folder, 'sequencer.js'),
    transform: {},
  };
  const output = join(folder, 'results.json');
  const jest = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url));
  const options = ['--config', JSON.stringify(config), '--runInBand', '--no-cache', '--json', '--outputFile', output];
  await promisify(execFile)(process.execPath, [jest, ...options]).catch(() => undefined);
  const { testResults }: { readonly testResults: readonly Result[] } = JSON.parse(readFileSync(output, 'utf8'));
  results = new Map(testResults.map((result) => [basename(result.name), result]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failuresOf = (file: string): readonly (readonly [title: string, message: string])[] =>
  (results.get(file)?.assertionResults ?? []).flatMap(({ title, failureMessages }) =>
    failureMessages.map((message) => [title, message] as const),
  );

test.each([
  ['a-patches.test.js', 'This file leaves net.Socket.prototype.connect patched.'],
  ['b-skips.test.js', 'This file leaves http.request patched.'],
  ['f-asks-late.test.js', 'Tests reach loopback only: late.invalid was asked for.'],
])('%s fails as a file', (file, message) => {
  expect(results.get(file)).toMatchObject({ status: 'failed', message: expect.stringContaining(message) });
});

test('the next file finds what Node has, and its own machine', () => {
  expect(results.get('c-follows.test.js')).toMatchObject({ status: 'passed', message: '' });
});

test('a test that reaches for the network fails, although it swallows the error', () => {
  expect(failuresOf('d-connects.test.js')).toEqual([
    ['swallows the error', 'Tests reach loopback only: 192.0.2.1 was asked for.'],
  ]);
  expect(failuresOf('e-asks.test.js')).toEqual(
    [
      ['by callback', 'aws.invalid'],
      ['by promise', 'promised.invalid'],
      ['by fetch', 'fetched.invalid'],
    ].map(([title, host]) => [title, `Tests reach loopback only: ${host} was asked for.`]),
  );
});
