import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job, JobOptions } from '../../emulator/contract.ts';
import { createJob } from '../../emulator/runner.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const job = (options: Partial<JobOptions> = {}): Job => createJob({ folder, debug: false, ...options });

interface Sources {
  readonly main: string;
  readonly post?: string;
  readonly postIf?: string;
  readonly inputs?: string;
}

const prelude = `
  import { appendFileSync } from 'node:fs';
  const put = (file, text) => appendFileSync(process.env['GITHUB_' + file], text + '\\n');
  const show = (name) => console.log(name + '=' + process.env[name]);
`;

/** Writes an action whose main and post are the given JavaScript, with put(FILE, text) and show(NAME) at hand. */
function action(name: string, { main, post, postIf, inputs = '{}' }: Sources): string {
  const home = join(folder, name);
  mkdirSync(home);
  writeFileSync(join(home, 'main.mjs'), prelude + main);
  if (post !== undefined) writeFileSync(join(home, 'post.mjs'), prelude + post);
  const lines = [
    `inputs: ${inputs}`,
    'runs:',
    '  using: node24',
    '  main: main.mjs',
    ...(post === undefined ? [] : ['  post: post.mjs']),
    ...(postIf === undefined ? [] : [`  post-if: ${postIf}`]),
  ];
  writeFileSync(join(home, 'action.yml'), lines.join('\n'));
  return home;
}

describe('masks', () => {
  const printed = async (main: string) => (await job().use({ action: action('a', { main }) })).log;

  test('hide a value from its registration on, and not before', async () => {
    expect(await printed("console.log('s3cret'); console.log('::add-mask::s3cret'); console.log('my s3cret');")).toBe(
      's3cret\nmy ***\n',
    );
  });

  test.each([
    ['base64', `Buffer.from('tok&en"<1>').toString('base64')`],
    ['base64 from its second byte on', `Buffer.from('ok&en"<1>').toString('base64')`],
    ['base64 from its third byte on', `Buffer.from('k&en"<1>').toString('base64')`],
    ['URI escapes', `encodeURIComponent('tok&en"<1>')`],
    ['XML escapes', "'tok&amp;en&quot;&lt;1&gt;'"],
    ['JSON escapes', `JSON.stringify('tok&en"<1>').slice(1, -1)`],
  ])('hide %s', async (_name, form) => {
    expect(await printed(`console.log('::add-mask::tok&en"<1>'); console.log(${form})`)).toBe('***\n');
  });

  test.each(["Buffer.from('s3cret').toString('hex')", "'s3cre'"])('do not hide %s', async (form) => {
    expect(await printed(`console.log('::add-mask::s3cret'); console.log(${form})`)).not.toContain('***');
  });

  test('hide a value of several lines line by line', async () => {
    expect(await printed("console.log('::add-mask::one%0Atwo%250A'); console.log('one - two%0A - three')")).toBe(
      '*** - *** - three\n',
    );
  });

  test('merge what overlaps, and hold for later steps, annotations and stderr', async () => {
    const running = job();
    await running.use({
      action: action('a', { main: "console.log('::add-mask::abc%0A::add-mask::x'); console.log('::add-mask::bcd')" }),
    });
    const { log, annotations } = await running.use({
      action: action('b', { main: "console.error('<abcd>'); console.log('::error title=T::lost abc%0Ahere')" }),
    });
    expect(log.split('\n').toSorted()).toEqual(['', '##[error]lost ***', '<***>', 'here']);
    expect(annotations).toEqual([{ level: 'error', message: 'lost ***\nhere' }]);
    expect(running.masks).toEqual(['abc\n::add-mask::x', 'bcd']);
  });
});

describe('command files', () => {
  test('carry variables, outputs, state, PATH and a summary', async () => {
    const running = job({ debug: true });
    const first = await running.use({
      action: action('a', {
        main: String.raw`
          put('ENV', 'A=1\nB<<END\nx=y\n\nEND\nC<<END\nEND\nA=2=3\nNODE_OPTIONS=--bad');
          put('OUTPUT', 'o<<E\nout\nE'); put('STATE', 's=kept'); put('PATH', '/first'); put('PATH', '/second');
          put('STEP_SUMMARY', '# Done');`,
      }),
    });
    expect(first).toMatchObject({
      exitCode: 0,
      signal: null,
      exported: { A: '2=3', B: 'x=y\n', C: '' },
      outputs: { o: 'out' },
      state: { s: 'kept' },
      summary: '# Done\n',
      annotations: [{ level: 'error', message: expect.stringContaining('NODE_OPTIONS') }],
    });
    expect(first.log).toContain("##[debug]A='2=3'");
    expect(running.environment).toMatchObject({ A: '2=3', PATH: expect.stringMatching(/^\/second.\/first/) });
    expect(running.environment).not.toHaveProperty('NODE_OPTIONS');
  });

  test('count up to the line that is wrong', async () => {
    const { exported, annotations } = await job().use({
      action: action('a', { main: String.raw`put('ENV', 'A=1\nB<<END\ncut short')` }),
    });
    expect(exported).toEqual({ A: '1' });
    expect(annotations).toEqual([{ level: 'error', message: expect.stringContaining("not found 'END'") }]);
  });

  test('count when main failed, and the older stdout commands do too', async () => {
    const { exported, outputs, state, exitCode } = await job().use({
      action: action('a', {
        main: "put('ENV', 'A=1'); console.log('::set-output name=o::1%25'); console.log('::save-state name=s::2'); process.exit(3)",
      }),
    });
    expect({ exported, outputs, state, exitCode }).toEqual({
      exported: { A: '1' },
      outputs: { o: '1%' },
      state: { s: '2' },
      exitCode: 3,
    });
  });
});

describe('the environment of a step', () => {
  test('job, then step, then inputs; nothing of this machine', async () => {
    process.env.RUNNER_TEST_STRAY = 'stray';
    const running = job({ environment: { A: 'job', B: 'job', INPUT_X: 'job', GITHUB_ACTIONS: 'no' } });
    running.set({ B: 'set', NODE_OPTIONS: '--bad' });
    const { log, annotations } = await running.use({
      action: action('a', {
        inputs: '{ x: {}, Some-Flag: { default: true }, "two words": { default: 007 } }',
        main: `for (const name of ['A', 'B', 'C', 'INPUT_X', 'INPUT_SOME-FLAG', 'INPUT_TWO_WORDS', 'INPUT_EXTRA',
          'GITHUB_ACTIONS', 'GITHUB_ACTION', 'NODE_OPTIONS', 'RUNNER_TEST_STRAY', 'RUNNER_DEBUG']) show(name);`,
      }),
      with: { extra: 'e' },
      env: { A: 'step', C: 'step', INPUT_X: 'step' },
    });
    delete process.env.RUNNER_TEST_STRAY;
    expect(log.split('\n')).toEqual([
      expect.stringContaining("##[warning]Unexpected input(s) 'extra'"),
      'A=step',
      'B=set',
      'C=step',
      'INPUT_X=',
      'INPUT_SOME-FLAG=true',
      'INPUT_TWO_WORDS=007',
      'INPUT_EXTRA=e',
      'GITHUB_ACTIONS=no',
      'GITHUB_ACTION=__a',
      'NODE_OPTIONS=undefined',
      'RUNNER_TEST_STRAY=undefined',
      'RUNNER_DEBUG=undefined',
      '',
    ]);
    expect(annotations).toHaveLength(1);
    expect(running.environment).toMatchObject({ A: 'job', B: 'set' });
  });

  test('debug lines are shown in debug mode only', async () => {
    const home = action('a', { main: "show('RUNNER_DEBUG'); console.log('::debug::why'); console.log('::group::G')" });
    expect((await job({ debug: true }).use({ action: home })).log).toBe('RUNNER_DEBUG=1\n##[debug]why\n##[group]G\n');
    expect((await job().use({ action: home })).log).toBe('RUNNER_DEBUG=undefined\n##[group]G\n');
  });
});

describe('posts', () => {
  const stacked = {
    inputs: '{ n: {} }',
    main: "put('STATE', 'n=' + process.env.INPUT_N); put('ENV', 'V=' + process.env.INPUT_N)",
    post: "show('STATE_n'); show('INPUT_N'); show('V'); put('ENV', 'V=undone ' + process.env.STATE_n)",
  };

  test('run last in, first out, each with its own state and inputs, and once', async () => {
    const running = job();
    const home = action('a', stacked);
    await running.use({ action: home, with: { n: '1' } });
    await running.use({ action: home, with: { n: '2' } });
    const posts = await running.finish();
    expect(posts.map((post) => post?.log)).toEqual([
      'STATE_n=2\nINPUT_N=2\nV=2\n',
      'STATE_n=1\nINPUT_N=1\nV=undone 2\n',
    ]);
    expect(running.environment.V).toBe('undone 1');
    expect(await running.finish()).toEqual([]);
  });

  test.each([
    ["env.SKIP != 'true'", {}, true],
    ["env.SKIP != 'true'", { SKIP: 'TRUE' }, false],
    ["env.SKIP != 'true'", { SKIP: 'no' }, true],
    ['always()', {}, true],
    ['success()', {}, true],
    ["failure() || env.SKIP == 'x'", {}, false],
    ["success() && env.SKIP == 'x'", { SKIP: 'x' }, true],
    ['!env.SKIP', { SKIP: 'x' }, false],
    [undefined, { SKIP: 'true' }, true],
  ])('post-if: %s with %j', async (postIf, variables, runs) => {
    const running = job();
    await running.use({
      action: action('a', { ...stacked, ...(postIf !== undefined && { postIf: JSON.stringify(postIf) }) }),
    });
    running.set(variables);
    expect((await running.finish()).map((post) => post !== undefined)).toEqual([runs]);
  });

  test('an action without one has none', async () => {
    const running = job();
    await running.use({ action: action('a', { main: '' }) });
    expect(await running.finish()).toEqual([undefined]);
  });
});

describe('kill', () => {
  const main = "for (let n = 0; n < 200; n += 1) { put('STATE', 's=' + n); put('ENV', 'V=' + n); }";

  test.each([0, 1, 77])('comes between two writes, and what was written counts (%i)', async (n) => {
    const running = job();
    const killed = await running.use({
      action: action('a', { main, post: "show('STATE_s')" }),
      kill: ({ state }) => state.includes(`s=${n}\n`),
    });
    expect(killed).toMatchObject({ exitCode: null, signal: 'SIGKILL', state: { s: `${n}` } });
    expect(killed.exported).toEqual(n === 0 ? {} : { V: `${n - 1}` });
    expect((await running.finish()).map((post) => post?.log)).toEqual([`STATE_s=${n}\n`]);
  });

  test('may wait for a printed line', async () => {
    const { log } = await job().use({
      action: action('a', { main: "for (let n = 0; n < 50; n += 1) process.stdout.write('line ' + n + '\\n');" }),
      kill: ({ raw }) => raw.includes('line 20\n'),
    });
    expect(log.trimEnd().split('\n').at(-1)).toBe('line 20');
  });

  test('never comes where the predicate never says so', async () => {
    expect(await job().use({ action: action('a', { main }), kill: () => false })).toMatchObject({
      exitCode: 0,
      exported: { V: '199' },
    });
  });
});

describe('the network', () => {
  test.each([
    ['an address', `net.connect(443, '192.0.2.1').on('error', () => {});`, '192.0.2.1'],
    ['a name', `net.connect(443, 'aws.invalid').on('error', () => {});`, 'aws.invalid'],
    ['a name that is looked up by itself', `lookup('aws.invalid', () => {});`, 'aws.invalid'],
  ])('%s that is not of this machine fails main and post, whatever they make of it', async (_what, script, host) => {
    const asking = `import net from 'node:net'; import { lookup } from 'node:dns'; ${script}`;
    const refusal = `Emulated steps reach loopback only: ${host} was asked for.`;
    await expect(job().use({ action: action('main', { main: asking }) })).rejects.toThrow(refusal);
    const ending = job();
    expect((await ending.use({ action: action('post', { main: '', post: asking }) })).exitCode).toBe(0);
    await expect(ending.finish()).rejects.toThrow(refusal);
  });

  test('localhost is reached', async () => {
    const main = `
      import net from 'node:net';
      const server = net.createServer((socket) => socket.end('here'));
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        net.connect({ port, host: 'localhost', family: 4 }).on('data', (text) => { console.log(String(text)); server.close(); });
      });`;
    expect((await job().use({ action: action('a', { main }) })).log).toBe('here\n');
  });
});
