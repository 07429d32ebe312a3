import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator, Fault, StepOptions } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';

/** How many random moments main is killed at; a long run sets more. */
const kills = Number(process.env.STRESS_KILLS ?? 6);

const region = 'us-east-1';
const hub = 'arn:aws:iam::111111111111:role/deploy';
const most = 256;
const spoke = (index: number): string => `arn:aws:iam::222222222222:role/spoke-${index}`;
const direct = (index: number): string => `arn:aws:iam::111111111111:role/direct-${index}`;
const many = (count: number, roleOf: (index: number) => string): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`account-${index}`, roleOf(index)])));

const statement = (principal: object, action: string, condition?: object) => ({
  trust: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: action, ...(condition && { Condition: condition }) }],
  },
});
const provider = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';
const world = {
  roles: Object.fromEntries(
    Array.from({ length: most }, (_, index) => [
      [spoke(index), statement({ AWS: hub }, 'sts:*')] as const,
      [
        direct(index),
        statement({ Federated: provider }, 'sts:AssumeRoleWithWebIdentity', {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
          StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octo-org*/octo-repo*:*' },
        }),
      ] as const,
    ]).flat(),
  ),
};

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({ world });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  folder = mkdtempSync(join(tmpdir(), 'profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const startJob = () => createJob({ folder, environment: emulator.environment });

const before = {
  config:
    '[profile mine]\nregion = eu-west-1\n\n# the end, without a line end\n[profile account-3]\nregion = eu-west-3',
  credentials: '[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = mine-secret\r\n',
};

function placeFiles(): void {
  mkdirSync(join(folder, 'home', '.aws'), { recursive: true });
  for (const [name, text] of Object.entries(before)) writeFileSync(join(folder, 'home', '.aws', name), text);
}

/** Every file of the home, with its text. */
function home(): Readonly<Record<string, string>> {
  const place = join(folder, 'home', '.aws');
  return Object.fromEntries(readdirSync(place).map((name) => [name, readFileSync(join(place, name), 'utf8')]));
}

describe('requests of the built action', () => {
  test.each([
    [22, 'through a hub', { 'role-to-assume': hub, profiles: many(20, spoke) }],
    [21, 'from the token', { profiles: many(20, direct) }],
    [2, 'for one profile from the token', { profiles: many(1, direct) }],
  ])('%i %s', async (count, _how, inputs) => {
    const { exitCode } = await startJob().use({ with: { 'aws-region': region, ...inputs } });
    expect(exitCode).toBe(0);
    expect(emulator.requests().map(({ operation, status }) => `${operation} ${status}`)).toHaveLength(count);
  });
});

test(`${most} profiles are written, listed, and removed again`, async () => {
  placeFiles();
  const job = startJob();
  const inputs = { 'role-to-assume': hub, 'aws-region': region, 'overwrite-aws-profile': 'true' };
  const { exitCode, outputs } = await job.use({ with: { ...inputs, profiles: many(most, spoke), summary: 'true' } });
  expect(exitCode).toBe(0);
  expect(Object.keys(JSON.parse(outputs.profiles ?? '{}'))).toHaveLength(most);
  expect(home().config?.match(/^\[profile account-\d+\]$/gm)).toHaveLength(most);
  expect(home().credentials?.match(/^\[account-\d+\]$/gm)).toHaveLength(most);
  const again = await job.use({ with: { ...inputs, profiles: many(most, spoke) } });
  expect(again.exitCode).toBe(0);
  const posts = await job.finish();
  expect(posts.map((post) => post?.annotations)).toEqual([[], []]);
  expect(posts[0]?.log).toMatch(/Restored \[profile account-255\], .* and 236 more of \S+config, /);
  expect(home()).toEqual(before);
});

describe('one of twenty fails', () => {
  const effects: readonly Fault['effect'][] = [
    { kind: 'throttle' },
    { kind: 'reset' },
    { kind: 'truncate' },
    { kind: 'error', status: 403, code: 'AccessDenied', message: 'no' },
  ];
  test.each(effects)('%j: nothing is written, and the others are asked once', async (effect) => {
    placeFiles();
    emulator.fault({ operation: 'AssumeRole', after: 7, times: 1, effect });
    const inputs = { 'role-to-assume': hub, 'aws-region': region, 'disable-retry': 'true' };
    const profiles = many(20, (index) => spoke(index + 10));
    const job = startJob();
    const { exitCode, exported, outputs, log, state } = await job.use({
      with: { ...inputs, profiles: profiles.replaceAll('account', 'p') },
    });
    expect({ exitCode, exported, outputs, state }).toEqual({ exitCode: 1, exported: {}, outputs: {}, state: {} });
    expect(log).toMatch(/: 1 of 20 profiles was refused:\n {2}p-\d+: The role arn:/);
    expect(emulator.requests().filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(20);
    expect(home()).toEqual(before);
    await job.finish();
    expect(home()).toEqual(before);
  });
});

describe('main is killed', () => {
  const use = {
    with: {
      'role-to-assume': hub,
      'aws-region': region,
      'overwrite-aws-profile': 'true',
      profiles: many(12, spoke),
    },
  };
  let whole = 0;
  beforeAll(async () => {
    const place = mkdtempSync(join(tmpdir(), 'profiles-'));
    const started = performance.now();
    await createJob({ folder: place, environment: emulator.environment }).use({ ...use, kill: () => false });
    whole = performance.now() - started;
    rmSync(place, { recursive: true, force: true });
  });

  test.each(Array.from({ length: kills }, (_, index) => index + 1))(
    'at a random moment, %i: post leaves both files as they were',
    async (index) => {
      placeFiles();
      const job = startJob();
      const first = await job.use({ with: { ...use.with, profiles: many(4, spoke) } });
      expect(first.exitCode).toBe(0);
      // Most of what is written is written near the end.
      const moment = performance.now() + whole * (index % 2 === 0 ? Math.random() : 0.6 + 0.4 * Math.random());
      await job.use({ ...use, kill: () => performance.now() > moment });
      await job.finish();
      expect(home()).toEqual(before);
    },
  );

  type Seen = Parameters<NonNullable<StepOptions['kill']>>[0];
  const beside = (ending: string) => (): boolean =>
    readdirSync(join(folder, 'home', '.aws')).some((name) => name.endsWith(ending));
  const recorded =
    (file: string) =>
    ({ state }: Seen) =>
      (state.match(/"undo":"section".*/g)?.at(-1) ?? '').includes(`${file}","header":`);
  const moments: readonly (readonly [string, (seen: Seen) => boolean])[] = [
    ['with a lock held', beside('.lock')],
    ['with a file on its way', beside('.tmp')],
    ['with the first file recorded and not written', recorded('credentials')],
    ['with the second file recorded and not written', recorded('config')],
  ];
  test.each(moments)('%s, over the profiles of an earlier use', async (_moment, kill) => {
    placeFiles();
    const job = startJob();
    expect((await job.use({ with: { ...use.with, profiles: many(4, spoke) } })).exitCode).toBe(0);
    expect((await job.use({ ...use, kill })).signal).toBe('SIGKILL');
    await job.finish();
    expect(home()).toEqual(before);
  });
});
