import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const jobsOf = (file: string): Readonly<Record<string, Job>> => parse(readFileSync(join(folder, file), 'utf8')).jobs;
const everyJob = readdirSync(folder).flatMap((file) =>
  Object.entries(jobsOf(file)).map(([name, job]) => ({ title: `${file}, ${name}`, job })),
);
const scriptsOf = ({ steps = [] }: Job): readonly string[] => steps.flatMap(({ run }) => run ?? []);

const expression = (text: string): string => `\${{ ${text} }}`;

/** The files whose jobs run in a release: its own, and those of the repository that it calls. */
const released = [
  'release.yml',
  ...Object.values(jobsOf('release.yml')).flatMap(({ uses }) => uses?.replace('./.github/workflows/', '') ?? []),
];

describe('what signs runs nothing that others can change', () => {
  const signing = everyJob.filter(({ job }) => job.permissions?.['id-token'] === 'write');
  const allowed = /^(test|echo|printf|cat|tee|xargs|sha256sum|git ls-files)$/;
  /** The programs of a script: the first word of each line, and what follows a pipe, a "$(" or another such mark. */
  const programsIn = (script: string): readonly string[] =>
    [
      ...script
        .replace(/xargs -0 /g, '| ')
        .matchAll(/(?:^|[|;&]|\$\()\s*(?:\w+=[^\s$]*\s+)*["']?(?!\w+=)((?:git )?[\w./-]+)/gm),
    ].map(([, program = '']) => program);

  test('there is one such job', () => {
    expect(signing.map(({ title }) => title)).toEqual(['release.yml, sign']);
  });

  test.each(signing)('$title: no npm, npx or node, nothing installed, no file of the repository', ({ job }) => {
    const programs = scriptsOf(job).flatMap(programsIn);
    expect(programs.length).toBeGreaterThan(0);
    expect(programs.filter((program) => !allowed.test(program))).toEqual([]);
    const uses = (job.steps ?? []).flatMap((step) => step.uses?.replace(/@.*/, '') ?? []);
    expect(uses).toEqual(['actions/checkout', 'actions/attest']);
  });

  test.each([
    ['npm ci && npm run build', ['npm', 'npm']],
    ['sum=$(node scripts/sum.ts)', ['node']],
    ['git ls-files | xargs -0 npx prettier', ['npx']],
    ['MODE=release npm run build', ['npm']],
    ['"./scripts/sign.sh" dist', ['./scripts/sign.sh']],
  ])('it would find %s', (script, found) => {
    expect(programsIn(script).filter((program) => !allowed.test(program))).toEqual(found);
  });
});

describe('a release', () => {
  test('runs no install script', () => {
    const installs = released
      .flatMap((file) => Object.values(jobsOf(file)).flatMap(scriptsOf))
      .flatMap((script) => script.match(/npm (?:ci|i|install)\b.*/g) ?? []);
    expect(released).toContain('ci.yml');
    expect(installs.length).toBeGreaterThan(3);
    expect(installs.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
  });

  test('builds before it signs, and signs before it publishes', () => {
    const { build, sign, publish } = jobsOf('release.yml');
    expect([build?.needs, sign?.needs, publish?.needs]).toEqual(['check', 'build', 'sign']);
    expect(build?.permissions).toEqual({ contents: 'read' });
  });
});

const onBash = process.platform === 'win32' ? describe.skip : describe;
onBash('the provenance of a release', () => {
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'release-'));
    mkdirSync(join(place, 'bin'));
    for (const [name, text] of Object.entries({
      gh: `printf '%s\\n' "$*" >> "${place}/called"\ncase "$*" in 'release view'*) exit 1 ;; esac`,
      node: 'echo notes',
    })) {
      writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(place, 'bin', name), 0o755);
    }
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  const { sign, publish } = jobsOf('release.yml');
  /** Runs a step's script as a runner does, with programs that only note how they are called. */
  function run(step: Step | undefined, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const written = join(place, 'written');
    writeFileSync(written, '');
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'false'], {
      cwd: place,
      env: {
        PATH: `${place}/bin:/usr/bin:/bin`,
        RUNNER_TEMP: place,
        GITHUB_OUTPUT: written,
        GITHUB_ENV: written,
        GITHUB_REF: 'refs/tags/v1.2.3',
        GITHUB_REF_NAME: 'v1.2.3',
        GITHUB_REPOSITORY: 'octo-org/aws-credential-step',
        ...env,
      },
    });
    expect(status).toBe(0);
    const pairs = readFileSync(written, 'utf8').matchAll(/^(\w+)=(.*)$/gm);
    return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
  }
  const stepThat = (job: Job | undefined, text: string): Step | undefined =>
    job?.steps?.find(({ run: script }) => script?.includes(text));

  test('goes from the job that signs to an asset of the release', () => {
    const bundle = join(place, 'attestation.json');
    const provenance = '{"dsseEnvelope":{"payload":"e30=","signatures":[{"sig":"a b \\" $HOME"}]}}';
    writeFileSync(bundle, `${provenance}\n`);
    const handOver = stepThat(sign, '"$GITHUB_OUTPUT"');
    expect(handOver?.env).toEqual({ BUNDLE: expression('steps.attest.outputs.bundle-path') });
    const given = run(handOver, { BUNDLE: bundle });
    expect(sign?.outputs).toEqual({ provenance: expression(`steps.${handOver?.id}.outputs.provenance`) });

    const made = stepThat(publish, '"$PROVENANCE"');
    expect(made?.env).toEqual({ PROVENANCE: expression('needs.sign.outputs.provenance') });
    const exported = run(made, { PROVENANCE: given.provenance ?? '' });
    const asset = join(place, 'aws-credential-step-v1.2.3.intoto.jsonl');
    expect(exported).toEqual({ PROVENANCE_FILE: asset });
    expect(readFileSync(asset, 'utf8')).toBe(`${provenance}\n`);

    run(stepThat(publish, 'gh attestation verify'), exported);
    run(stepThat(publish, 'gh release create'), exported);
    const called = readFileSync(join(place, 'called'), 'utf8').trimEnd().split('\n');
    expect(called.filter((line) => line.endsWith(`--bundle ${asset}`))).toHaveLength(3);
    expect(called.at(-1)).toMatch(/^release create v1\.2\.3 --verify-tag .*notes\.md/);
    expect(called.at(-1)?.endsWith(` ${asset}`)).toBe(true);
  });

  test('that is missing or empty ends the job', () => {
    const script = stepThat(sign, '"$GITHUB_OUTPUT"')?.run ?? '';
    writeFileSync(join(place, 'empty'), '');
    for (const bundle of ['', join(place, 'empty'), join(place, 'none')]) {
      const { status } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
        env: { PATH: '/usr/bin:/bin', BUNDLE: bundle, GITHUB_OUTPUT: join(place, 'written') },
      });
      expect(status).toBe(1);
    }
  });
});
