import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { markers } from '../../bench/figures.ts';
import type { Result } from '../../bench/race.ts';

/** Milliseconds: each test starts some twenty processes. */
const patience = 180_000;

const script = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
const peer = join(folder, 'another');

/** Refuses as it must, and otherwise leaves a profile, a blank and a changed variable. */
const main = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { HOME, GITHUB_ENV, ACTIONS_ID_TOKEN_REQUEST_URL } = process.env;
if (ACTIONS_ID_TOKEN_REQUEST_URL === undefined || process.env['INPUT_ROLE-TO-ASSUME'].endsWith('/nobody')) {
  console.log('::error::It did not work.%0ATry | again.');
  process.exit(1);
}
mkdirSync(join(HOME, '.aws'), { recursive: true });
writeFileSync(join(HOME, '.aws', 'config'), '');
appendFileSync(GITHUB_ENV, 'AWS_REGION=eu-west-1\\nAWS_ACCESS_KEY_ID=ASIANEW\\nAWS_PROFILE=\\n');
`;

const post = "require('node:fs').appendFileSync(process.env.GITHUB_ENV, 'AWS_ACCESS_KEY_ID=\\n');";

async function bench(...options: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--runs', '1', '--warm-up', '0', ...options]);
  return stdout;
}

beforeAll(() => {
  mkdirSync(peer);
  const inputs = 'inputs: { role-to-assume: {}, role-session-name: {}, aws-region: {} }';
  writeFileSync(join(peer, 'action.yml'), `${inputs}\nruns: { using: node24, main: main.cjs, post: post.cjs }\n`);
  writeFileSync(join(peer, 'package.json'), '{ "version": "9.8.7" }');
  writeFileSync(join(peer, 'main.cjs'), main);
  writeFileSync(join(peer, 'post.cjs'), post);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  '--tls --rtt counts what each contestant takes on the line, and bare Node takes a handshake for each host',
  async () => {
    const report = JSON.parse(await bench('--tls', '--rtt', '2,2', '--json'));
    const expected = [
      ['oidc', 2, { connections: 2, handshakes: 2, roundTrips: 6 }],
      ['chain', 4, { connections: 2, handshakes: 2, roundTrips: 8 }],
      ['sso', 1, { connections: 1, handshakes: 1, roundTrips: 3 }],
      ['keys', 1, { connections: 1, handshakes: 1, roundTrips: 3 }],
    ];
    const results: readonly Result[] = report.results;
    for (const contestant of ['node + requests', 'ours: main']) {
      const own = results.filter(({ name }) => name === contestant);
      expect(own.map(({ row, operations, traffic }) => [row, operations.length, traffic])).toEqual(expected);
    }
  },
  patience,
);

test(
  'a peer runs in the rows whose inputs it has',
  async () => {
    const printed = await bench('--tls', '--rtt', '2,2', '--peer', peer, '--row', 'oidc', '--row', 'keys');
    const [, oidc = '', keys = ''] = printed.split('\n\n');
    expect(oidc).toMatch(/^oidc, TLS, round trips of 2 ms \(GitHub\) and 2 ms \(AWS\)\n.*× another.*handshakes/);
    expect(oidc).toMatch(/^another: main .* 0 +0 +0 +0$/m);
    expect(keys).toMatch(/^keys, /);
    expect(keys).not.toContain('another');
  },
  patience,
);

test(
  '--figures prints the table between its markers, with what each action says and leaves',
  async () => {
    const printed = await bench('--figures', '--peer', peer, '--peer-runs', '2');
    const lines = printed.trimEnd().split('\n');
    expect([lines[0], lines.at(-1)]).toEqual([markers.begin, markers.end]);
    expect(lines[1]).toMatch(/^\| what \| this \d+\.\d+\.\d+ \| another 9\.8\.7 \| printed by \|$/);
    expect(printed).toMatch(
      /^\| OIDC, one role: time, requests \| [\d,]+ ms, 2 \| [\d,]+ ms, 0 \| bench, row `oidc` \|$/m,
    );
    expect(printed).toMatch(
      /^\| trust policy does not fit: time, requests \| [\d.]+ m?s, 4 \| .* m?s, 0 \| bench, row `denied` \|$/m,
    );
    expect(printed).toMatch(/^\| its last line \| `.+` \| `Try \\\| again\.` \| bench, row `denied` \|$/m);
    expect(printed).toMatch(/^\| three accounts: time, uses, requests \| .+ m?s, \d, 6 \| .+ m?s, 3, 0 \| bench/m);
    expect(printed).toContain(
      '| after the job | all as it was | 1 variable blank; 1 variable changed; .aws/config | bench, row `left-behind` |',
    );
    expect(printed).toContain(`Node ${process.version}; `);
    expect(printed).toContain('ranges over 1 run, 2 of the other action.');
  },
  patience,
);
