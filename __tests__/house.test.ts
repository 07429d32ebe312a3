import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  // A file that was just moved or removed is still tracked.
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
const texts = new Map(sources.map((path) => [path, read(path)]));
/** A file's code alone: no comments, imports or strings, in which words may stand for themselves. */
const code = new Map(
  [...texts].map(([path, text]) => [
    path,
    text.replace(/\/\*[\s\S]*?\*\/|^import [\s\S]*?;$|(?<!:)\/\/.*$/gm, '').replace(/'[^'\n]*'|`[^`]*`/g, "''"),
  ]),
);

/** Every input's name that src reads through Inputs, also where a file keeps the names in a constant. */
function inputsRead(): readonly string[] {
  const names = [...texts.values()].flatMap((text) => [
    ...[
      ...text.matchAll(
        /(?:inputs|given)\s*\.(?:optional|secret|flag|lines|elements|seconds|count|yaml)\(\s*'([\w-]+)'/g,
      ),
    ].map((match) => match[1]),
    ...(/inputs\s*\.\w+\((?:input|name)\b/.test(text)
      ? [...text.matchAll(/^(?:export )?const (?:input|names|roleInputs) = (.*?);$/gms)].flatMap((match) =>
          [...(match[1] ?? '').matchAll(/'([\w-]+)'/g)].map((name) => name[1]),
        )
      : []),
  ]);
  return [...new Set(names.flatMap((name) => name ?? []))].sort();
}

describe('the public contract', () => {
  const action = parse(read('action.yml'));

  test('every input that is declared is read, and every one that is read is declared', () => {
    expect(inputsRead()).toEqual(Object.keys(action.inputs).sort());
  });

  test('no description holds an expression: the runner and act refuse the whole file for one', () => {
    const described = { ...action.inputs, ...action.outputs };
    expect(Object.keys(described).filter((name) => described[name].description.includes('${{'))).toEqual([]);
    expect(action.description).not.toContain('${{');
  });

  test('every input and output has a row in the README', () => {
    const rows = [...read('README.md').matchAll(/^\| `([\w-]+)` \|/gm)].map((match) => match[1]);
    expect([...new Set(rows)].sort()).toEqual(
      [...new Set([...Object.keys(action.inputs), ...Object.keys(action.outputs)])].sort(),
    );
  });

  test('every input and output says what it is for', () => {
    for (const entry of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(entry).toEqual(expect.objectContaining({ description: expect.stringMatching(/^.{20,}\.$|\)\.$/) }));
    }
  });
});

describe('the house', () => {
  test('an entry exports nothing', () => {
    expect(sources.filter((path) => path.startsWith('src/entry/') && /^export /m.test(texts.get(path) ?? ''))).toEqual(
      [],
    );
  });

  test('the process, the AWS packages and the toolkit stand in their adapters only', () => {
    const found = (pattern: RegExp, of: ReadonlyMap<string, string>) =>
      sources.filter((path) => pattern.test(of.get(path) ?? ''));
    const outside = (pattern: RegExp, folder: string, of = texts) =>
      found(pattern, of).filter((path) => !path.startsWith(folder));
    expect(outside(/from '@actions\/core'/, 'src/adapters/github/')).toEqual([]);
    expect(outside(/from '@actions\/exec'/, 'src/adapters/machine/')).toEqual([]);
    expect(outside(/from '(node:)?child_process'/, 'src/adapters/machine/')).toEqual([]);
    expect(outside(/(?<!\.)\bprocess\./, 'src/adapters/machine/', code)).toEqual([]);
    expect(outside(/from '(node:)?fs(\/promises)?'/, 'src/adapters/machine/')).toEqual([]);
    expect(outside(/from '@(aws-sdk|smithy)\//, 'src/adapters/aws/')).toEqual([]);
  });

  const banned: readonly (readonly [what: string, pattern: RegExp])[] = [
    ['any', /\bas any\b|: any\b|<any>/],
    ['a type assertion', /\bas (?!const\b)\w/],
    ['a non-null assertion', /[\w)\]]!(?=[.;),[])/],
    ['delete', /\bdelete /],
  ];
  test.each(banned)('%s stands nowhere', (_what, pattern) => {
    expect(sources.filter((path) => pattern.test(code.get(path) ?? ''))).toEqual([]);
  });

  test('a file is one noun of at most 200 lines', () => {
    expect(sources.filter((path) => (texts.get(path) ?? '').split('\n').length > 201)).toEqual([]);
  });

  test('no module is mocked, no rule is silenced, no room is nameless', () => {
    const tests = tracked.filter((path) => /^(__tests__|emulator|demo|bench|scripts)\/.*\.ts$/.test(path));
    expect(
      tests.filter(
        (path) =>
          path !== '__tests__/house.test.ts' &&
          /jest\.(mock|unstable_mockModule)|biome-ignore|@ts-ignore/.test(read(path)),
      ),
    ).toEqual([]);
    expect(tracked.filter((path) => /(^|\/)(helpers?|utils?|misc|common)(\.|\/)/i.test(path))).toEqual([]);
  });
});

describe('nock', () => {
  const tests = tracked.filter((path) => path.startsWith('__tests__/') && path.endsWith('.ts'));
  const seam = '__tests__/support/nock.ts';
  const imports = (path: string, from: string) =>
    new RegExp(`^import (?!type )[^;]*['"]${from}['"]|import\\(['"]${from}`, 'm').test(read(path));

  test('is imported by its seam only, which restores it', () => {
    expect(tests.filter((path) => imports(path, 'nock'))).toEqual([seam]);
  });

  test('holds only the adapters that the seam loads', () => {
    const users = tests.filter((path) => path !== seam && imports(path, '[./]+/support/nock.ts'));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => imports(path, '[./]+/src/adapters/[\\w/.-]+'))).toEqual([]);
  });
});

describe('the documents', () => {
  const pages = tracked.filter((path) => path.endsWith('.md'));

  test.each(pages)('%s: every link within the repository leads somewhere', (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) =>
      posix.join(posix.dirname(page), match[1] ?? ''),
    );
    expect(
      targets.filter((target) => !tracked.some((path) => path === target || path.startsWith(`${target}/`))),
    ).toEqual([]);
  });
});

describe('what GitHub runs', () => {
  const files = tracked.filter((path) => /^\.github\/.*\.ya?ml$/.test(path));
  const workflows = files.filter((path) => path.startsWith('.github/workflows/'));
  /** Every step and every job that uses something outside the repository: what, and the comment behind it. */
  const uses = files.flatMap((path) =>
    [...read(path).matchAll(/^[ -]*uses:[ "']*([^\s"'.][^\s"']*)["']?[ \t]*(.*)$/gm)].map(
      ([, use = '', comment = '']) => ({
        path,
        use,
        comment,
      }),
    ),
  );

  test('every action is pinned by its commit, with the version behind it, and alike everywhere', () => {
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter(({ use }) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(use))).toEqual([]);
    expect(uses.filter(({ comment }) => !/^# v\d+\.\d+\.\d+$/.test(comment))).toEqual([]);
    const repositories = uses.map(({ use }) => use.split('/').slice(0, 2).join('/').replace(/@.*/, ''));
    const pins = uses.map(
      ({ use, comment }) =>
        `${use.replace(/@.*/, '').split('/').slice(0, 2).join('/')}@${use.split('@')[1]} ${comment}`,
    );
    expect(new Set(pins).size).toBe(new Set(repositories).size);
  });

  test.each(workflows)('%s: nothing is permitted but what a job says, and no job runs for hours', (path) => {
    const { permissions, jobs } = parse(read(path));
    expect(permissions).toEqual({});
    const entries = Object.entries<Readonly<Record<string, unknown>>>(jobs);
    expect(entries.filter(([, job]) => typeof job.permissions !== 'object').map(([name]) => name)).toEqual([]);
    const endless = entries.filter(([, job]) => job.uses === undefined && typeof job['timeout-minutes'] !== 'number');
    expect(endless.map(([name]) => name)).toEqual([]);
  });

  test('no workflow runs what a stranger wrote with the rights of the repository', () => {
    const given = workflows.map((path) => [path, Object.keys(parse(read(path)).on)] as const);
    const events = new Set(['push', 'pull_request', 'workflow_call', 'schedule']);
    expect(given.filter(([, on]) => on.some((event) => !events.has(event)))).toEqual([]);
    const checkouts = workflows.flatMap((path) =>
      read(path)
        .split(/^ +- (?=\w)/m)
        .filter((step) => step.includes('uses: actions/checkout@') && !step.includes('persist-credentials: false')),
    );
    expect(checkouts).toEqual([]);
  });

  test('Dependabot looks where there is something to find', () => {
    const manifests: Readonly<Record<string, string>> = {
      'github-actions': '.github/workflows/ci.yml',
      npm: 'package-lock.json',
      pip: 'requirements.txt',
    };
    const updates: readonly Readonly<Record<'package-ecosystem' | 'directory', string>>[] = parse(
      read('.github/dependabot.yml'),
    ).updates;
    const places = updates.map((update) =>
      posix.join(update.directory, manifests[update['package-ecosystem']] ?? 'unknown').replace(/^\//, ''),
    );
    expect(places.filter((path) => !tracked.includes(path))).toEqual([]);
    expect(updates.map((update) => update['package-ecosystem']).sort()).toEqual(Object.keys(manifests).sort());
  });

  test('each form for an issue asks for what GitHub knows how to ask', () => {
    const kinds = new Set(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']);
    const forms = tracked.filter((path) => /^\.github\/ISSUE_TEMPLATE\/(?!config\.).*\.yml$/.test(path));
    expect(forms.length).toBeGreaterThan(0);
    for (const path of forms) {
      const { name, description, body } = parse(read(path));
      expect([typeof name, typeof description]).toEqual(['string', 'string']);
      const asked: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[] = body;
      expect(asked.filter(({ type }) => !kinds.has(String(type)))).toEqual([]);
      const fields = asked.filter(({ type }) => String(type) !== 'markdown');
      expect(fields.filter(({ attributes }) => typeof attributes?.label !== 'string')).toEqual([]);
      expect(new Set(fields.map(({ id }) => String(id))).size).toBe(fields.length);
    }
  });
});
