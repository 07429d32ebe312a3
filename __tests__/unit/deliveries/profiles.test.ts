import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isProfileName } from '../../../src/formats/profile-name.ts';
import { memoryDisk, unmarked } from '../../support/memory-disk.ts';
import { type MemoryUse, memoryRunner } from '../../support/memory-runner.ts';
import { profilesOn } from '../../support/profiles.ts';

type Texts = Readonly<Record<string, string>>;

const credentials = '/home/runner/.aws/credentials';
const config = '/home/runner/.aws/config';
const role = (index: number): string => `arn:aws:iam::222222222222:role/r${index}`;
const keys = { 'aws-access-key-id': 'AKIAEXAMPLE', 'aws-secret-access-key': 'a-secret' };
const given = (profiles: unknown, more: Texts = {}): MemoryUse => ({
  with: { 'aws-region': 'us-east-1', profiles: JSON.stringify(profiles), ...keys, ...more },
});
const overwrite = { 'overwrite-aws-profile': 'true' };
/** Keys as the AWS in memory hands them out; a profile file takes them only without blanks at either end. */
const sectionOf = (name: string, index: number): string =>
  `[${name}]\naws_access_key_id = key of ${role(index)}\naws_secret_access_key = secret of ${role(index)}\naws_session_token = token of ${role(index)}\n`;

describe('several profiles', () => {
  test('are written in the order of the map, and every other byte stays', async () => {
    const disk = memoryDisk({
      [config]: '; mine\r\n[profile x]\r\nregion = here',
      [credentials]: '[b]\nk = v\n\n# end\n',
    });
    const runner = memoryRunner({}, disk);
    const { error, job } = await runner.use(
      given({ b: role(1), a: { 'role-arn': role(2), region: 'eu-west-1' } }, overwrite),
    );
    expect(error).toBeUndefined();
    expect(unmarked(disk.list())).toEqual({
      [credentials]: `${sectionOf('b', 1)}\n# end\n${sectionOf('a', 2)}`,
      [config]:
        '; mine\r\n[profile x]\r\nregion = here\r\n[profile b]\r\nregion = us-east-1\r\n[profile a]\r\nregion = eu-west-1\r\n',
    });
    expect(job.said).toContain('  b → 222222222222/r1');
    expect(job.said.at(-1)).toBe('Delivered profiles b, a, until 2026-01-01T01:00:00.000Z');
    expect(runner.post().said.slice(1)).toEqual([
      `Restored [b] of ${credentials}. Removed [profile a], [profile b] of ${config}, [a] of ${credentials}.`,
    ]);
    expect(disk.list()).toEqual({
      [config]: '; mine\r\n[profile x]\r\nregion = here',
      [credentials]: '[b]\nk = v\n\n# end\n',
    });
  });

  test('in one file that is both', async () => {
    const both = '/etc/both';
    const disk = memoryDisk({ [both]: '# x' });
    const runner = memoryRunner({ AWS_CONFIG_FILE: both, AWS_SHARED_CREDENTIALS_FILE: both }, disk);
    await runner.use(given({ a: role(1), default: role(2) }));
    const profile = (name: string) => `[${name}]\nregion = us-east-1\n`;
    expect(unmarked(disk.list())).toEqual({
      [both]: `# x\n${sectionOf('a', 1)}${profile('profile a')}${sectionOf('default', 2)}region = us-east-1\n`,
    });
    runner.post();
    expect(disk.list()).toEqual({ [both]: '# x' });
  });

  test('the second file fails: the first is as it was, and nothing is set', async () => {
    const disk = memoryDisk({ [credentials]: '[mine]\n' });
    disk.break(`write ${config}`);
    const runner = memoryRunner({}, disk);
    const { error, job } = await runner.use(given({ a: role(1), b: role(2) }));
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED', message: expect.stringContaining(config) });
    expect(disk.list()).toEqual({ [credentials]: '[mine]\n' });
    expect([...job.outputs, ...job.exported]).toEqual([]);
  });

  test('a section that something else has changed stays and is named; the others go', async () => {
    const disk = memoryDisk();
    const runner = memoryRunner({}, disk);
    await runner.use(given({ a: role(1), b: role(2), c: role(3) }));
    disk.set({ [config]: disk.list()[config]?.replace(/(\[profile b\][^[]*)region = us-east-1/, '$1region = mine') });
    expect(runner.post().said.slice(1)).toEqual([
      `Removed [profile c], [profile a] of ${config}, [c], [b], [a] of ${credentials}.`,
      `Not restored, because they were changed after this step: [profile b] of ${config}.`,
    ]);
    expect(unmarked(disk.list())).toMatchObject({ [config]: '[profile b]\nregion = mine\n' });
  });

  test('jobs that share one home each take back their own sections only', async () => {
    const disk = memoryDisk();
    const [one, two] = [memoryRunner({}, disk), memoryRunner({}, disk)];
    await one.use(given({ a: role(1), b: role(2) }));
    await two.use(given({ b: role(3), c: role(4) }, overwrite));
    one.post();
    expect(unmarked(disk.list())).toMatchObject({ [credentials]: `${sectionOf('b', 3)}${sectionOf('c', 4)}` });
    two.post();
    // The folder is the first job's, and was not empty when it ended.
    expect(disk.list()).toEqual({ '/home/runner/.aws/': '' });
  });

  test('with the environment on it holds the session of the shared role, and AWS_PROFILE is not set', async () => {
    const runner = memoryRunner();
    const shared = { 'role-to-assume': role(9), 'output-env-credentials': 'true' };
    const { job } = await runner.use(given({ a: role(1) }, shared));
    expect(runner.env()).toMatchObject({ AWS_ACCESS_KEY_ID: `key of ${role(9)}` });
    expect(runner.env()).not.toHaveProperty('AWS_PROFILE');
    expect(job.said.at(-1)).toMatch(/^Delivered profiles a and, of the shared role, environment variables, until /);
  });

  test('expire-after holds for each', async () => {
    const { job } = await memoryRunner().use(given({ a: role(1) }, { 'expire-after': '60' }));
    expect(JSON.parse(job.outputs.get('profiles') ?? '')).toMatchObject({
      a: { expiration: '2026-01-01T00:01:00.000Z' },
    });
  });

  test('without verify-identity no request is added, and each account is known from the answer', async () => {
    const { aws, job } = await memoryRunner().use(given({ a: role(1), b: role(2) }, { 'verify-identity': 'false' }));
    expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRole', 'AssumeRole']);
    expect(JSON.parse(job.outputs.get('profiles') ?? '')).toMatchObject({ b: { account: '222222222222' } });
    expect(job.outputs.get('aws-account-id')).toBe('');
  });

  test('the undo list is in parts that a variable of the post can hold, whatever was there before', async () => {
    const names = Array.from({ length: 256 }, (_, index) => `account-${index}`);
    const mine = names.map((name) => `[${name}]\naws_session_token = ${'x'.repeat(1200)}\n`).join('');
    const disk = memoryDisk({ [credentials]: mine });
    const runner = memoryRunner({}, disk);
    const { error, job } = await runner.use(
      given(Object.fromEntries(names.map((name, index) => [name, role(index)])), overwrite),
    );
    expect(error).toBeUndefined();
    expect([...job.saved.keys()].length).toBeGreaterThan(10);
    expect(Math.max(...[...job.saved.values()].map((text) => Buffer.byteLength(text)))).toBeLessThan(32_000);
    runner.post();
    expect(disk.list()).toEqual({ [credentials]: mine });
  });
});

test('what is written is read back as given, and every byte comes back, whatever the names', async () => {
  const word = fc.stringMatching(/^[\p{L}\p{N}$()`;|&*~!?.,:@%+=<>{}🎉_-]{1,12}$/u).filter(isProfileName);
  const text = fc.constantFrom(
    undefined,
    '',
    '# c',
    '[mine]\nk = v\n',
    '[profile mine]\r\nregion = x\r\n',
    '\uFEFF[mine]\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(word, { minLength: 1, maxLength: 8 }), text, text, async (names, ...texts) => {
      const start = Object.fromEntries(
        [config, credentials].flatMap((path, index) => {
          const held = texts[index];
          return held === undefined ? [] : [[path, held]];
        }),
      );
      const disk = memoryDisk(start);
      const runner = memoryRunner({}, disk);
      const { error } = await runner.use(given(Object.fromEntries(names.map((name, index) => [name, role(index)]))));
      expect(error).toBeUndefined();
      const read = await profilesOn(disk, {});
      for (const name of names) {
        const id = read.credentials.get(name)?.get('aws_access_key_id');
        expect(id).toBe(`key of ${role(names.indexOf(name))}`);
        // The SDK for JavaScript, which reads here, knows [profile …] with these characters only.
        const region = /^[\w@+.%:-]+$/.test(name) ? 'us-east-1' : undefined;
        expect(read.config.get(name)?.get('region')).toBe(region);
      }
      runner.post();
      expect(disk.list()).toEqual(start);
    }),
    { numRuns: 200 },
  );
});
