import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evaluate, type Scope } from '../../emulator/workflow/expression.ts';
import { legName, legsOf } from '../../emulator/workflow/matrix.ts';
import { fillText, holds } from '../../emulator/workflow/template.ts';
import { runWorkflow, type WorkflowOptions } from '../../emulator/workflow.ts';

const scope: Scope = {
  contexts: {
    env: { NAME: 'Octo', EMPTY: '' },
    matrix: { account: '111111111111', size: 3, deep: { list: ['a', 'b'] } },
    needs: { seal: { result: 'success', outputs: { 'sealed-session': 'v1.x' } } },
    steps: { aws: { outputs: {} } },
  },
  status: 'success',
};

describe('expressions', () => {
  test.each<[string, unknown]>([
    ["'it''s'", "it's"],
    ['1.5', 1.5],
    ['env.NAME', 'Octo'],
    ["env['NAME']", 'Octo'],
    ['needs.seal.outputs.sealed-session', 'v1.x'],
    ['matrix.deep.list[1]', 'b'],
    ['matrix.none.of.this', null],
    ['steps.aws.outputs.none', null],
    ["env.NAME == 'OCTO'", true],
    ["env.NAME != 'octo' || 'else'", 'else'],
    ["env.EMPTY && 'then' || 'else'", 'else'],
    ["!(matrix.size == '3')", false],
    ['matrix.size == 3 && !env.EMPTY', true],
    ["null == ''", true],
    ["format('{1}-{0}', 'a', 'b')", 'b-a'],
    ["fromJSON('[1,2]')[1]", 2],
    ["contains(matrix.deep.list, 'B')", true],
    ["startsWith(env.NAME, 'oc') && endsWith(env.NAME, 'TO')", true],
    ['toJSON(matrix.deep.list)', '[\n  "a",\n  "b"\n]'],
    ['success() && !failure() && !cancelled() && always()', true],
  ])('%s', (source, value) => {
    expect(evaluate(source, scope)).toEqual(value);
  });

  test.each([
    'env.NAME >= 1',
    "hashFiles('x')",
    'nothing.here',
    'env.*',
    'needs.build.outputs.x',
    'steps.build.outputs.x',
    "'open",
    '(1',
    '1 1',
    '',
  ])('%j is not known, and said so', (source) => {
    expect(() => evaluate(source, scope)).toThrow(/the workflow runner does not know/);
  });

  test('may be in text, several times', () => {
    expect(fillText(`a \${{ env.NAME }} b \${{matrix.size}} c \${{ env.NONE }}\${{ '}' }}`, scope)).toBe(
      'a Octo b 3 c }',
    );
    expect(() => fillText(`\${{ matrix.deep }}`, scope)).toThrow('cannot stand where a text is needed');
  });

  test.each<[string | undefined, Scope['status'], boolean]>([
    [undefined, 'success', true],
    [undefined, 'failure', false],
    ["env.NAME == 'Octo'", 'success', true],
    ["env.NAME == 'Octo'", 'failure', false],
    [`\${{ always() && env.NAME == 'Octo' }}`, 'failure', true],
    ['failure()', 'failure', true],
    ['failure()', 'skipped', false],
    ['success()', 'skipped', false],
  ])('if: %s after a %s: %s', (condition, status, expected) => {
    expect(holds(condition, { ...scope, status })).toBe(expected);
  });
});

describe('a matrix', () => {
  test('has a leg for each combination, what include adds, and what it adds to', () => {
    const legs = legsOf({
      os: ['linux', 'mac'],
      account: ['1', '2'],
      include: [{ os: 'linux', fast: true }, { colour: 'red' }, { os: 'bsd', account: '1' }],
    });
    expect(legs).toEqual([
      { os: 'linux', account: '1', fast: true, colour: 'red' },
      { os: 'linux', account: '2', fast: true, colour: 'red' },
      { os: 'mac', account: '1', colour: 'red' },
      { os: 'mac', account: '2', colour: 'red' },
      { os: 'bsd', account: '1' },
    ]);
    expect(legs.map((leg) => legName('job', leg))[0]).toBe('job (linux, 1, true, red)');
  });

  test('may be include alone', () => {
    expect(legsOf({ include: [{ a: 1 }, { a: 2 }] })).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('with exclude is not known', () => {
    expect(() => legsOf({ a: [1], exclude: [] })).toThrow('does not know "exclude"');
  });
});

describe('a workflow', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workflow-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (path: string, text: string): string => {
    const file = join(folder, 'repository', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const emulator = {
    environment: { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/?x', AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' },
    requests: () => [],
  };
  const runs = (text: string, options: Partial<WorkflowOptions> = {}) =>
    runWorkflow({
      emulator,
      folder,
      repository: join(folder, 'repository'),
      file: put('workflow.yml', text),
      ...options,
    });
  const results = (run: Awaited<ReturnType<typeof runs>>) => run.jobs.map(({ name, result }) => `${name}: ${result}`);

  test('passes outputs on through needs, in the order of needs', async () => {
    const run = await runs(`
env: { GREETING: hello }
jobs:
  second:
    needs: first
    runs-on: x
    steps:
      - run: echo "\${{ needs.first.outputs.word }} after \${{ needs.first.result }}, $OWN, $GREETING, $GITHUB_JOB"
        env: { OWN: "\${{ env.GREETING }} \${{ env.OF_JOB }}" }
    env: { OF_JOB: "\${{ github.run_id }}" }
  first:
    runs-on: x
    outputs: { word: "\${{ steps.say.outputs.word }}", none: "\${{ steps.say.outputs.none }}" }
    steps:
      - id: say
        run: |
          echo "word=world" >> "$GITHUB_OUTPUT"
`);
    expect(results(run)).toEqual(['first: success', 'second: success']);
    expect(run.jobs[0]?.outputs).toEqual({ word: 'world' });
    expect(run.jobs[1]?.log).toContain('world after success, hello 1234567890, hello, second\n');
  });

  test('what a step exports wins over the variables of the job, and reaches expressions', async () => {
    const run = await runs(`
jobs:
  one:
    runs-on: x
    env: { V: job }
    steps:
      - run: echo V=exported >> "$GITHUB_ENV"
      - run: echo "$V \${{ env.V }}"
`);
    expect(run.jobs[0]?.log).toContain('exported exported\n');
  });

  test('stops at a failure, but for the steps and jobs that ask for it', async () => {
    const run = await runs(`
jobs:
  fails:
    runs-on: x
    steps:
      - { id: soft, run: exit 1, continue-on-error: true }
      - run: echo "soft \${{ steps.soft.outcome }} \${{ steps.soft.conclusion }}"
      - run: "false; echo not reached"
      - run: echo neither
      - { if: failure(), run: 'echo \${{ job.status }}' }
      - { if: always(), run: echo at last }
  after: { needs: fails, runs-on: x, steps: [{ run: echo no }] }
  after-that: { needs: after, runs-on: x, steps: [{ run: echo no }] }
  anyway: { needs: [fails, after], if: always(), runs-on: x, steps: [{ run: "echo \${{ needs.after.result }}" }] }
  on-failure: { needs: fails, if: failure(), runs-on: x, steps: [{ run: echo yes }] }
`);
    expect(run.result).toBe('failure');
    expect(results(run)).toEqual([
      'fails: failure',
      'after: skipped',
      'after-that: skipped',
      'anyway: success',
      'on-failure: success',
    ]);
    expect(run.jobs[0]?.log.replace(/^##.*\n/gm, '')).toBe('soft failure success\nfailure\nat last\n');
    expect(run.jobs[3]?.log).toContain('skipped');
  });

  test('drops an output that holds a masked value in any form, and masks for one job only', async () => {
    const run = await runs(
      `
jobs:
  one:
    runs-on: x
    outputs:
      plain: "\${{ steps.a.outputs.plain }}"
      base64: "\${{ steps.a.outputs.base64 }}"
      given: "\${{ steps.a.outputs.given }}"
      fine: "\${{ steps.a.outputs.fine }}"
    steps:
      - id: a
        run: |
          echo "::add-mask::made-up"
          echo "plain=<made-up>" >> "$GITHUB_OUTPUT"
          echo "base64=$(printf made-up | base64)" >> "$GITHUB_OUTPUT"
          echo "given=$GIVEN" >> "$GITHUB_OUTPUT"
          echo "fine=made up" >> "$GITHUB_OUTPUT"
          echo made-up "$GIVEN"
        env: { GIVEN: "\${{ secrets.GIVEN }}" }
  two: { needs: one, runs-on: x, steps: [{ run: echo made-up }] }
`,
      { secrets: { GIVEN: 'the-given-secret' } },
    );
    expect(run.jobs[0]).toMatchObject({ outputs: { fine: 'made up' }, dropped: ['plain', 'base64', 'given'] });
    expect(run.jobs[0]?.log).toContain('*** ***\n');
    expect(run.jobs[0]?.log).toContain("##[warning]Skip output 'plain' since it may contain secret.\n");
    expect(run.jobs[1]?.log).toContain('made-up\n');
  });

  test.each([
    ['', 'permissions: { id-token: write }', 'yes'],
    ['permissions: { id-token: write }', '', 'yes'],
    ['permissions: { id-token: write }', 'permissions: {}', ''],
    ['permissions: write-all', '', 'yes'],
    ['', '', ''],
  ])('%s, job %s: ID tokens %j', async (workflow, job, said) => {
    const run = await runs(`
${workflow}
jobs:
  one:
    ${job}
    runs-on: x
    steps: [{ run: 'echo "may: \${ACTIONS_ID_TOKEN_REQUEST_URL:+yes} $AWS_ENDPOINT_URL_STS"' }]
`);
    expect(run.jobs[0]?.log).toContain(`may: ${said} http://127.0.0.1:1\n`);
  });

  test('a leg that fails ends the others, unless they are to go on; the last one to set an output counts', async () => {
    const legs = (failFast: string) => `
jobs:
  legs:
    runs-on: x
    strategy: { matrix: { n: [1, 2, 3] }${failFast} }
    outputs: { n: "\${{ steps.a.outputs.n }}" }
    steps: [{ id: a, run: 'echo n=\${{ matrix.n }} >> "$GITHUB_OUTPUT"; test \${{ matrix.n }} != 2' }]
  after: { needs: legs, if: always(), runs-on: x, steps: [{ run: "echo last \${{ needs.legs.outputs.n }}" }] }
`;
    expect(results(await runs(legs('')))).toEqual([
      'legs (1): success',
      'legs (2): failure',
      'legs (3): cancelled',
      'after: success',
    ]);
    const run = await runs(legs(', fail-fast: false'));
    expect(results(run)).toEqual(['legs (1): success', 'legs (2): failure', 'legs (3): success', 'after: success']);
    expect(run.jobs[3]?.log).toContain('last 3\n');
  });

  test('a composite action sees its inputs, gives outputs, and its posts run with those of the job', async () => {
    put('inner/action.yml', 'inputs: { n: {} }\nruns: { using: node24, main: main.mjs, post: post.mjs }');
    put('inner/main.mjs', "console.log('main ' + process.env.INPUT_N + ' ' + process.env.LENT);");
    put('inner/post.mjs', "console.log('post ' + process.env.INPUT_N);");
    put(
      'outer/action.yml',
      `
inputs: { n: { default: none }, other: { default: fallback } }
outputs: { joined: { value: "\${{ steps.join.outputs.joined }}" } }
runs:
  using: composite
  steps:
    - { uses: ./inner, with: { n: "\${{ inputs.n }}-in" } }
    - { id: join, shell: bash, run: 'echo "joined=\${{ inputs.n }}+\${{ inputs.other }}" >> "$GITHUB_OUTPUT"' }
`,
    );
    const run = await runs(`
jobs:
  one:
    runs-on: x
    steps:
      - uses: actions/checkout@v5
      - { uses: ./inner, with: { n: 1 } }
      - { id: outer, uses: ./outer, with: { n: 2 }, env: { LENT: lent } }
      - run: echo "\${{ steps.outer.outputs.joined }}"
`);
    expect(run.jobs[0]?.log.replace(/^##.*\n/gm, '')).toBe(
      'main 1 undefined\nmain 2-in lent\n2+fallback\npost 2-in\npost 1\n',
    );
  });

  const called = `
on:
  workflow_call:
    inputs: { who: { type: string, required: true }, loud: { type: boolean, default: false } }
    secrets: { key: { required: true } }
    outputs: { greeting: { value: "\${{ jobs.greet.outputs.greeting }}" } }
jobs:
  greet:
    runs-on: x
    outputs: { greeting: "\${{ steps.a.outputs.greeting }}" }
    steps:
      - id: a
        run: |
          echo "greeting=hello \${{ inputs.who }}\${{ inputs.loud && '!' || '.' }}" >> "$GITHUB_OUTPUT"
          echo "[\${{ secrets.key }}\${{ secrets.OTHER }}\${{ env.OF_CALLER }}]"
`;
  const calls = (rest: string) => `
env: { OF_CALLER: x }
jobs:
  call:
    uses: ./.github/workflows/called.yml
    ${rest}
  after: { needs: call, runs-on: x, steps: [{ run: "echo \${{ needs.call.outputs.greeting }}" }] }
`;

  test('calls another, with its inputs and secrets and nothing else', async () => {
    put('called.yml', called);
    const run = await runs(calls(`with: { who: octo, loud: true }\n    secrets: { key: "\${{ secrets.KEY }}" }`), {
      secrets: { KEY: 'the-key', OTHER: 'the-other' },
    });
    expect(results(run)).toEqual(['call / greet: success', 'after: success']);
    expect(run.jobs[0]?.log).toContain('[***]\n');
    expect(run.jobs[1]?.log).toContain('hello octo!\n');
  });

  test.each([
    ['an input that is missing', 'secrets: { key: k }', 'needs the input "who"'],
    ['a secret that is missing', 'with: { who: x }', 'needs the secret "key"'],
    ['an input that is not declared', 'with: { who: x, whom: y }', 'has no input "whom"'],
    ['a secret that is not declared', 'with: { who: x }\n    secrets: { key: k, keys: k }', 'has no secret "keys"'],
  ])('refuses %s', async (_name, rest, message) => {
    put('called.yml', called);
    await expect(runs(calls(rest))).rejects.toThrow(message);
  });

  test('refuses more permission for a called job than its caller has', async () => {
    put('called.yml', called.replace('    runs-on: x', '    runs-on: x\n    permissions: { id-token: write }'));
    const given = 'with: { who: x }\n    secrets: inherit';
    await expect(runs(calls(`permissions: {}\n    ${given}`))).rejects.toThrow('"id-token: write"');
    const run = await runs(calls(`permissions: { id-token: write }\n    ${given}`), { secrets: { key: 'k1234567' } });
    expect(run.result).toBe('success');
  });

  const step = (text: string) => `jobs: { one: { runs-on: x, steps: [${text}] } }`;
  test.each([
    ['a key of the workflow', 'defaults: {}\njobs: {}', 'does not know "defaults"'],
    [
      'a key of a job',
      'jobs: { one: { runs-on: x, container: y } }',
      'job one: the workflow runner does not know "container"',
    ],
    ['a key of a step', step('{ run: x, working-directory: y }'), 'step 1: the workflow runner does not know'],
    ['another shell', step('{ run: x, shell: pwsh }'), 'has bash only'],
    ['a step that does nothing', step('{ name: x }'), 'needs one of uses and run'],
    ['an action of others', step('{ uses: actions/cache@v4 }'), 'does not know the action "actions/cache@v4"'],
    ['an action before the checkout', step('{ uses: ./inner }'), 'needs a step with actions/checkout before it'],
    ['a step that is not there', step(`{ run: "echo \${{ steps.none.outputs.x }}" }`), 'does not know steps.none'],
    ['jobs that need each other', 'jobs: { a: { needs: b, runs-on: x }, b: { needs: a, runs-on: x } }', 'needs:'],
    [
      'a workflow of others',
      'jobs: { a: { uses: octo/octo/.github/workflows/x.yml@v1 } }',
      'does not know the workflow',
    ],
  ])('%s: refused, not passed over', async (_name, text, message) => {
    await expect(runs(text)).rejects.toThrow(message);
  });
});
