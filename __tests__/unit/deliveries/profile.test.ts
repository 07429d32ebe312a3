import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MemoryDisk } from '../../support/memory-disk.ts';
import { memoryDisk, unmarked } from '../../support/memory-disk.ts';
import { type MemoryUse, memoryRunner } from '../../support/memory-runner.ts';

type Texts = Readonly<Record<string, string>>;

const credentials = '/home/runner/.aws/credentials';
const config = '/home/runner/.aws/config';
const keys = (name: string) => ({ 'aws-access-key-id': `AKIA${name}`, 'aws-secret-access-key': `secret-of-${name}` });
const given = (name: string, more: Texts = {}): MemoryUse => ({
  with: { 'aws-region': 'us-east-1', 'aws-profile': name, ...keys(name), ...more },
});
const keysOf = (name: string) =>
  `[${name}]\naws_access_key_id = AKIA${name}\naws_secret_access_key = secret-of-${name}\n`;
const regionOf = (name: string) => `[${name === 'default' ? name : `profile ${name}`}]\nregion = us-east-1\n`;
const overwrite = { 'overwrite-aws-profile': 'true' };
const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

async function used(runner: ReturnType<typeof memoryRunner>, step: MemoryUse) {
  const { error, job } = await runner.use(step);
  expect(error).toBeUndefined();
  return job;
}

describe('a profile', () => {
  test('is written, read by nobody else, and gone after post with all that was made for it', async () => {
    const runner = memoryRunner();
    const job = await used(runner, given('ci'));
    expect(unmarked(runner.disk.list())).toEqual({
      [credentials]: keysOf('ci'),
      [config]: regionOf('ci'),
      '/home/runner/.aws/': '',
    });
    expect(runner.env()).toEqual({});
    expect(job.said.at(-1)).toMatch(/^Delivered .*: profile ci, outputs$/);
    expect(runner.post().said.at(-1)).toBe(`Removed [profile ci] of ${config}, [ci] of ${credentials}.`);
    expect(unmarked(runner.disk.list())).toEqual({});
  });

  test('holds a session token where there is one, and default is a section without "profile"', async () => {
    const runner = memoryRunner();
    await used(runner, given('default', { 'aws-session-token': 'token' }));
    expect(unmarked(runner.disk.list())).toMatchObject({
      [credentials]: `${keysOf('default')}aws_session_token = token\n`,
      [config]: '[default]\nregion = us-east-1\n',
    });
  });

  test.each(['a\n[other]', 'a\r', '#a', ';a', 'a #b', 'a ;b', ' a', 'a ', '\u0000'])(
    'a key that would be more than a value, or less, is refused: %j',
    async (secret) => {
      const held = { AWS_ACCESS_KEY_ID: 'AKIAHELD', AWS_SECRET_ACCESS_KEY: secret };
      const runner = memoryRunner(held);
      const { error } = await runner.use({ with: { 'aws-region': 'us-east-1', 'aws-profile': 'ci' } });
      expect(error).toEqual(refused('DELIVERY_FAILED', 'aws_secret_access_key holds a line break or a comment'));
      expect([runner.disk.list(), runner.env()]).toEqual([{}, held]);
    },
  );

  test('with the environment on, AWS_PROFILE names it', async () => {
    const runner = memoryRunner({ AWS_PROFILE: 'before' });
    await used(runner, given('ci', { 'output-env-credentials': 'true' }));
    expect(runner.env()).toMatchObject({ AWS_PROFILE: 'ci', AWS_ACCESS_KEY_ID: 'AKIAci', AWS_REGION: 'us-east-1' });
    runner.post();
    expect(runner.env()).toEqual({ AWS_PROFILE: 'before' });
    expect(unmarked(runner.disk.list())).toEqual({});
  });

  test('goes where the variables say', async () => {
    const runner = memoryRunner({ AWS_CONFIG_FILE: '/etc/a/b/config', AWS_SHARED_CREDENTIALS_FILE: '~/keys' });
    await used(runner, given('ci'));
    expect(unmarked(runner.disk.list())).toEqual({
      '/home/runner/keys': keysOf('ci'),
      '/etc/a/b/config': regionOf('ci'),
      '/etc/a/': '',
      '/etc/a/b/': '',
    });
    runner.post();
    expect(unmarked(runner.disk.list())).toEqual({});
  });

  test.each(['ci', 'default'])('%s in one file that is both', async (name) => {
    const both = '/etc/both';
    const disk = memoryDisk({ [both]: '# x' });
    const runner = memoryRunner({ AWS_CONFIG_FILE: both, AWS_SHARED_CREDENTIALS_FILE: both }, disk);
    await used(runner, given(name));
    const sections = name === 'ci' ? keysOf(name) + regionOf(name) : `${keysOf(name)}region = us-east-1\n`;
    expect(unmarked(disk.list())).toEqual({ [both]: `# x\n${sections}` });
    runner.post();
    expect(unmarked(disk.list())).toEqual({ [both]: '# x' });
  });

  test('without clean-up it stays', async () => {
    const runner = memoryRunner();
    await used(runner, given('ci', { cleanup: 'false' }));
    expect(runner.post().said).toEqual(['Nothing to restore.']);
    expect(unmarked(runner.disk.list())).toMatchObject({ [credentials]: keysOf('ci') });
  });

  test('holds the existing credentials where they are kept', async () => {
    const runner = memoryRunner({ AWS_ACCESS_KEY_ID: 'AKIAHELD', AWS_SECRET_ACCESS_KEY: 'held' });
    await used(runner, {
      with: { 'aws-region': 'us-east-1', 'aws-profile': 'ci', 'use-existing-credentials': 'true' },
    });
    expect(unmarked(runner.disk.list())).toMatchObject({
      [credentials]: expect.stringContaining('aws_access_key_id = AKIAHELD'),
    });
  });
});

describe('a profile that exists', () => {
  const old =
    '# mine\n[other]\na = 1\n\n[ci]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old-secret # why\nx = 1';

  const existing: readonly (readonly [name: string, profile: string, files: Texts])[] = [
    ['in credentials', 'ci', { [credentials]: old }],
    ['in config', 'ci', { [config]: '[profile ci]' }],
    ['in config, in quotes', 'ci', { [config]: "a\n[ profile  'ci' ] # x\n" }],
    ['default', 'default', { [config]: '[default]\n' }],
    ['default by another name', 'default', { [config]: '[profile default]\n' }],
  ];
  test.each(existing)('%s is refused before any request, and nothing is changed', async (_name, name, files) => {
    const disk = memoryDisk(files);
    const { error, aws } = await memoryRunner({}, disk).use(given(name));
    expect(error).toEqual(refused('INPUT_INVALID', `names the profile ${name}, which /home/runner/.aws/`));
    expect(aws.calls).toEqual([]);
    expect(unmarked(disk.list())).toEqual(files);
  });

  test.each(existing)('%s is overwritten where that is asked for, and put back', async (_name, name, files) => {
    const disk = memoryDisk(files);
    const runner = memoryRunner({}, disk);
    await used(runner, given(name, overwrite));
    expect(unmarked(disk.list())[credentials]).toContain(keysOf(name).trim());
    expect(unmarked(disk.list())[config]).toContain(regionOf(name).trim());
    expect(unmarked(disk.list())[credentials]).not.toContain('old-secret');
    expect(runner.post().said.at(-1)).toMatch(/^Restored \[.+\] of .+\. Removed \[.+\] of .+\.$/);
    expect(unmarked(disk.list())).toEqual(files);
  });

  test('its secrets are masked before the state holds them', async () => {
    const runner = memoryRunner({}, memoryDisk({ [credentials]: old }));
    const job = await used(runner, given('ci', overwrite));
    expect(job.masks).toEqual(expect.arrayContaining(['AKIAOLD', 'old-secret # why']));
    expect(job.saved.get('undo')).toContain('old-secret');
    expect(job.saved.get('undo')).not.toContain('secret-of-ci');
  });

  test('more than once is refused, overwriting or not', async () => {
    const files = { [config]: '[default]\n[profile default]\n' };
    const disk = memoryDisk(files);
    const { error, aws } = await memoryRunner({}, disk).use(given('default', overwrite));
    expect(error).toEqual(refused('INPUT_INVALID', `${config} holds more than once`));
    expect([aws.calls, disk.list()]).toEqual([[], files]);
  });

  test('that somebody wrote since the step began is refused, and nothing is delivered', async () => {
    const disk = memoryDisk();
    const runner = memoryRunner({}, disk);
    const meddling: MemoryDisk = {
      ...disk,
      edit(path, owner, change) {
        if (path === config) disk.set({ [config]: '[profile ci]\n' });
        disk.edit(path, owner, change);
      },
    };
    const { error } = await memoryRunner({}, meddling).use(given('ci'));
    expect(error).toEqual(refused('DELIVERY_FAILED', 'holds already'));
    expect(unmarked(disk.list())).toEqual({ [config]: '[profile ci]\n', '/home/runner/.aws/': '' });
    expect(runner.env()).toEqual({});
  });
});

describe('trouble', () => {
  const files = { [credentials]: '[a]\nk = 1', [config]: '[profile a]\r\nregion = x' };

  test.each([`fit ${credentials}`, `fit ${config}`, `read ${credentials}`, `read ${config}`])(
    '%s: refused before any request, naming the file',
    async (trouble) => {
      const disk = memoryDisk(files);
      disk.break(trouble);
      const { error, aws } = await memoryRunner({}, disk).use(given('ci'));
      expect(error).toEqual(refused('DELIVERY_FAILED', `The profile file ${trouble.split(' ')[1]} cannot be written`));
      expect([aws.calls, disk.list()]).toEqual([[], files]);
    },
  );

  test.each([`write ${credentials}`, `write ${config}`])('%s: nothing is delivered', async (trouble) => {
    for (const start of [files, {}]) {
      const disk = memoryDisk(start);
      disk.break(trouble);
      const runner = memoryRunner({}, disk);
      const { error } = await runner.use(given('ci', { 'output-env-credentials': 'true' }));
      expect(error).toEqual(refused('DELIVERY_FAILED', `The profile file ${trouble.split(' ')[1]} cannot be written`));
      expect([disk.list(), runner.env()]).toEqual([start, {}]);
      expect(runner.post().said.join()).not.toContain('warning');
      expect([disk.list(), runner.env()]).toEqual([start, {}]);
    }
  });

  test.each(['state undo', 'export AWS_PROFILE', 'export AWS_REGION', 'output aws-region'])(
    'no room for %s: the files are as they were',
    async (full) => {
      const disk = memoryDisk(files);
      const runner = memoryRunner({}, disk);
      const { error } = await runner.use({ ...given('ci', { 'output-env-credentials': 'true' }), full: [full] });
      expect(error).toEqual(refused('DELIVERY_FAILED', 'ENOSPC'));
      // The runner's files, and not the profile's, have no room.
      expect(error).toMatchObject({
        message: expect.not.stringContaining('profile file'),
        hint: expect.stringMatching(/^Make room/),
      });
      expect([disk.list(), runner.env()]).toEqual([files, {}]);
    },
  );

  test('post warns of what it cannot take back, and takes back the rest', async () => {
    const disk = memoryDisk(files);
    const runner = memoryRunner({}, disk);
    await used(runner, given('ci'));
    disk.break(`write ${credentials}`);
    const { said } = runner.post();
    expect(said).toContain(`Removed [profile ci] of ${config}.`);
    expect(said.at(-1)).toMatch(
      /^warning: These could not be restored, .*: \[ci\] of \/home\/runner\/.aws\/credentials\.$/,
    );
    expect(unmarked(disk.list())).toEqual({ ...files, [credentials]: `${files[credentials]}\n${keysOf('ci')}` });
  });
});

describe('what others do to the files', () => {
  const left = (name: string) => `Not restored, because they were changed after this step: ${name}.`;

  test('a section that someone has changed is left alone', async () => {
    const runner = memoryRunner();
    await used(runner, given('ci'));
    runner.disk.set({ [config]: `${regionOf('ci')}output = json\n` });
    expect(runner.post().said.at(-1)).toBe(left(`[profile ci] of ${config}`));
    expect(unmarked(runner.disk.list())).toEqual({
      [config]: `${regionOf('ci')}output = json\n`,
      '/home/runner/.aws/': '',
    });
  });

  test('a section that someone has removed is no trouble, nor is a file', async () => {
    const runner = memoryRunner();
    await used(runner, given('ci'));
    runner.disk.set({ [config]: '[profile b]\n', [credentials]: undefined });
    expect(runner.post().said.at(-1)).toBe('Nothing to restore.');
    expect(unmarked(runner.disk.list())).toMatchObject({ [config]: '[profile b]\n' });
  });

  test('a section that took the place of another, and that someone has removed, is left alone', async () => {
    const runner = memoryRunner({}, memoryDisk({ [config]: '[profile ci]\nregion = x\n' }));
    await used(runner, given('ci', overwrite));
    runner.disk.set({ [config]: undefined });
    expect(runner.post().said.at(-1)).toBe(left(`[profile ci] of ${config}`));
  });

  test('what someone has added stays, and so does an empty file that was there', async () => {
    const runner = memoryRunner({}, memoryDisk({ [config]: '' }));
    await used(runner, given('ci'));
    runner.disk.set({ [credentials]: `# before\n${runner.disk.list()[credentials]}[after]\n` });
    runner.post();
    expect(unmarked(runner.disk.list())).toEqual({ [credentials]: '# before\n[after]\n', [config]: '' });
  });
});

test('two profiles side by side, and one over the other, unwind like a stack', async () => {
  const start = { [credentials]: '[mine]\nk = 1', [config]: '\uFEFF[default]\r\nregion = x\r\n' };
  const disk = memoryDisk(start);
  const runner = memoryRunner({}, disk);
  const seen = [disk.list()];
  for (const step of [
    given('a'),
    given('b'),
    given('a', { ...overwrite, ...keys('c') }),
    given('default', overwrite),
  ]) {
    await used(runner, step);
    seen.push(disk.list());
  }
  expect(unmarked(disk.list())[credentials]).toBe(
    `[mine]\nk = 1\n${keysOf('a').replaceAll('AKIAa', 'AKIAc').replaceAll('of-a', 'of-c')}${keysOf('b')}${keysOf('default')}`,
  );
  for (const expected of seen.toReversed().slice(1)) {
    runner.post();
    expect(disk.list()).toEqual(expected);
  }
});

describe('jobs that share a home and overwrite the same profile', () => {
  const starts: readonly Texts[] = [
    { [credentials]: '', [config]: '# x' },
    {
      [credentials]: '[a]\nk = 1\n[ci]\naws_secret_access_key = mine\n[b]',
      [config]: '[profile ci]\r\nregion = x\r\n',
    },
  ];
  const job = (disk: MemoryDisk) => memoryRunner({}, disk);

  test('each writes a section of its own, alike as they may be, and the first to end leaves the other’s', async () => {
    const disk = memoryDisk({});
    const [one, two] = [job(disk), job(disk)];
    await used(one, given('ci', overwrite));
    const ofOne = disk.list();
    await used(two, given('ci', overwrite));
    const ofTwo = disk.list();
    expect(ofTwo[config]).not.toBe(ofOne[config]);
    expect(unmarked(ofTwo)).toEqual(unmarked(ofOne));
    expect(one.post().said.at(-1)).toMatch(
      /^Not restored, because they were changed after this step: .*config, .*credentials\.$/,
    );
    expect(disk.list()).toMatchObject(ofTwo);
    expect(two.post().said.at(-1)).toBe(`Removed [profile ci] of ${config}, [ci] of ${credentials}.`);
    // The folder is the first one's, which could not remove it.
    expect(disk.list()).toEqual({ '/home/runner/.aws/': '' });
  });

  test('in whatever order steps begin and end, in the end all is as it was', async () => {
    // Each occurs twice: it begins, and it ends.
    const moments = fc.shuffledSubarray([0, 0, 1, 1, 2, 2, 3, 3], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), moments, async (start, order) => {
        const disk = memoryDisk(start);
        const running = new Map<number, ReturnType<typeof job>>();
        for (const moment of order) {
          const runner = running.get(moment) ?? job(disk);
          if (running.has(moment)) runner.post();
          else await used(runner, given('ci', { ...overwrite, ...keys('same') }));
          running.set(moment, runner);
        }
        expect(disk.list()).toEqual(start);
      }),
    );
  });

  test('one that is killed and whose post never runs keeps nobody from ending', async () => {
    const disk = memoryDisk(starts[1]);
    const [one, killed, last] = [job(disk), job(disk), job(disk)];
    for (const runner of [one, killed, last]) await used(runner, given('ci', overwrite));
    one.post();
    const { said } = last.post();
    expect(said.join()).not.toContain('warning');
    expect(unmarked(disk.list())[credentials]).toContain(keysOf('ci').trim());
  });

  test('without clean-up nothing is said of taking it back, and nothing is left for it', async () => {
    const disk = memoryDisk(starts[1]);
    const [one, two] = [job(disk), job(disk)];
    await used(one, given('ci', overwrite));
    await used(two, given('ci', { ...overwrite, cleanup: 'false', ...keys('kept') }));
    expect(disk.list()[credentials]).not.toContain('# aws-credential-step');
    one.post();
    expect(Object.keys(disk.list())).toEqual([credentials, config]);
  });

  test.each(['{"before":1}', 'a-secret', '{"before":a-secret}'])(
    'what is left for another is taken for that alone, and junk in it, as %j, is a warning that does not quote it',
    async (junk) => {
      const disk = memoryDisk(starts[1]);
      const [one, two] = [job(disk), job(disk)];
      await used(one, given('ci', overwrite));
      await used(two, given('ci', overwrite));
      one.post();
      const left = Object.keys(disk.list()).filter((path) => path.endsWith('.aws-credential-step'));
      expect(left).toHaveLength(2);
      disk.set(Object.fromEntries(left.map((path) => [path, junk])));
      const { said } = two.post();
      expect(said.at(-1)).toMatch(/^warning: These could not be restored/);
      expect(said.join()).not.toContain('a-secret');
    },
  );
});

test('whatever is in the files, they are byte for byte as they were after post', async () => {
  const line = fc.oneof(
    fc.constantFrom('[ci]', '[profile ci]', '[other]', '  [x]', 'k = v', '  k = v', '# c', '', '\uFEFF'),
    fc.string({ maxLength: 6 }),
  );
  const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', ''))).map((lines) => lines.flat().join(''));
  const file = fc.option(text, { nil: undefined });
  await fc.assert(
    fc.asyncProperty(file, file, fc.constantFrom('ci', 'default'), async (keysText, configText, name) => {
      const disk = memoryDisk({
        ...(keysText === undefined ? {} : { [credentials]: keysText }),
        ...(configText === undefined ? {} : { [config]: configText }),
      });
      const before = disk.list();
      const runner = memoryRunner({}, disk);
      await runner.use(given(name, overwrite));
      await runner.use(given(name, { ...overwrite, ...keys('other') }));
      runner.post();
      runner.post();
      expect(unmarked(disk.list())).toEqual(before);
    }),
  );
});
