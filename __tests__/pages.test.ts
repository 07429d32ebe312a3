import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { JobDescription } from '../emulator/contract.ts';
import { startEmulator } from '../emulator/emulator.ts';
import { readPolicy } from '../emulator/iam/policy.ts';
import { sources } from '../src/sources/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  // A file that was just moved or removed is still tracked.
  .filter((path) => path !== '' && existsSync(join(root, path)));
const pages = tracked.filter((path) => path.endsWith('.md') && !path.startsWith('.github/'));
const action = parse(read('action.yml'));

/** A page without its code blocks, in which a # is no heading and brackets are no link. */
const prose = (page: string): string => read(page).replace(/^( *)```[\s\S]*?^\1```$/gm, '');

/** The code blocks of one language, as they are indented. */
const blocksIn = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].flatMap(([, , name, block]) =>
    name === language && block !== undefined ? [block] : [],
  );

const headingsOf = (page: string): readonly string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');

/** What GitHub makes of a page's headings: lower case, no punctuation, a hyphen for each blank, a number for one that comes again. */
function anchorsOf(page: string): readonly string[] {
  const anchors: string[] = [];
  for (const heading of headingsOf(page)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const again = anchors.filter((anchor) => anchor === slug || anchor.replace(/-\d+$/, '') === slug).length;
    anchors.push(again === 0 ? slug : `${slug}-${again}`);
  }
  return anchors;
}

/** A page's part below a heading, up to the next of that rank or a higher one. */
function sectionOf(page: string, heading: string): string {
  const lines = read(page).split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  const rank = /^#*/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => {
    const marks = /^(#+) /.exec(line)?.[1]?.length;
    return marks !== undefined && marks <= rank;
  });
  return start < 0 ? '' : after.slice(0, end < 0 ? undefined : end).join('\n');
}

const rowsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^\| (?:\*\*|`)([\w-]+)(?:\*\*|`) \|/gm)].map((match) => match[1] ?? '');

const codes = [
  ...(/export type ErrorCode =([^;]*);/.exec(read('src/contract/errors.ts'))?.[1]?.matchAll(/\| '(\w+)'/g) ?? []),
].map((match) => match[1] ?? '');
const kinds = sources.map(({ kind }) => kind).toSorted();

describe('links', () => {
  test.each(pages)('%s: each leads to a file and a heading that are there', (page) => {
    const links = [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/').replace(/\/$/, '');
      if (!tracked.some((file) => file === target || file.startsWith(`${target}/`))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test.each(['README.md', 'docs/sources.md', 'docs/troubleshooting.md', 'docs/security.md'])(
    '%s names no file of this repository that is not there',
    (page) => {
      const named = [...read(page).matchAll(/\b((?:docs|examples|src|emulator|__tests__)\/[\w./-]+\.\w+)/g)];
      expect(named.map((match) => match[1]).filter((path) => !tracked.includes(path ?? ''))).toEqual([]);
    },
  );
});

const dedent = (lines: readonly string[]): string => {
  const filled = lines.filter((line) => line.trim() !== '');
  const margin = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin).trimEnd()).join('\n');
};

/** The lines of each workflow and composite action that the tests run. */
const workflows = tracked
  .filter((path) => /^examples\/.*\.yml$/.test(path))
  .map((path) => read(path).trimEnd().split('\n'));

const standsInExample = (block: string): boolean => {
  const lines = block.trimEnd().split('\n');
  const wanted = dedent(lines);
  return workflows.some((workflow) =>
    workflow.some((_line, start) => dedent(workflow.slice(start, start + lines.length)) === wanted),
  );
};

describe('workflows on the pages', () => {
  const shown = pages.flatMap((page) => blocksIn(read(page), 'yaml').map((block) => ({ page, block })));

  test('each is an example, or lines of one, that the tests run', () => {
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(({ block }) => !standsInExample(block))).toEqual([]);
  });

  test('each config file of AWS stands in an example', () => {
    const files = pages.flatMap((page) => blocksIn(read(page), 'ini'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((block) => !standsInExample(block))).toEqual([]);
  });

  test('each is whole enough to be pasted', () => {
    const broken = shown.filter(({ block }) => {
      const value: unknown = parse(dedent(block.trimEnd().split('\n')));
      return typeof value !== 'object' || value === null;
    });
    expect(broken).toEqual([]);
  });

  test('every example is linked from a page', () => {
    const text = pages.map(read).join('\n');
    const examples = tracked.filter((path) => /^examples\/[^/]+\.yml$/.test(path));
    expect(examples.filter((path) => !text.includes(`${path})`))).toEqual([]);
  });
});

describe('README.md', () => {
  test('its tables of inputs hold each input of action.yml once, with its default', () => {
    const text = sectionOf('README.md', 'Inputs');
    expect(rowsOf(text).toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    const silent = Object.entries<{ readonly default?: string }>(action.inputs).filter(
      ([name, input]) =>
        input.default !== undefined &&
        input.default !== 'false' &&
        !new RegExp(`^\\| \`${name}\` \\|.*${input.default}.*default`, 'm').test(text),
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test('its table of outputs holds each output of action.yml once', () => {
    expect(rowsOf(sectionOf('README.md', 'Outputs')).toSorted()).toEqual(Object.keys(action.outputs).toSorted());
  });

  test('its table of sources holds each source once, with a workflow and its section in docs/sources.md', () => {
    const text = sectionOf('README.md', 'Where the first credentials come from');
    expect(rowsOf(text).toSorted()).toEqual(kinds);
    const bare = kinds.filter(
      (kind) =>
        !new RegExp(
          `^\\| \\*\\*${kind}\\*\\* \\|.*\\(examples/[\\w-]+\\.yml\\).*docs/sources\\.md#${kind}\\)`,
          'm',
        ).test(text),
    );
    expect(bare).toEqual([]);
  });

  test('its table of errors holds each code once', () => {
    const named = [...sectionOf('README.md', 'When something fails').matchAll(/\[([A-Z_]+)\]\(/g)];
    expect(named.map((match) => match[1] ?? '').toSorted()).toEqual(codes.toSorted());
  });

  test('its two commands are scripts of the package', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
    expect(read('README.md')).toContain('\nnpm ci && npm run demo\nnpm ci && npm test\n');
  });
});

describe('docs/sources.md', () => {
  test('has a section for each source, for lists and for auto, each with a workflow and what can go wrong', () => {
    const headings = [...prose('docs/sources.md').matchAll(/^## (.+)$/gm)].map((match) => match[1] ?? '');
    expect(headings).toEqual(expect.arrayContaining([...kinds, 'auto', 'lists']));
    const thin = [...kinds, 'lists'].filter((kind) => {
      const text = sectionOf('docs/sources.md', kind);
      return !/```yaml/.test(text) || !/\*\*What can go wrong\*\*/.test(text) || !/\*\*When\*\*/.test(text);
    });
    expect(thin).toEqual([]);
  });

  test('names every source that action.yml names', () => {
    expect(kinds.filter((kind) => !action.inputs.source.description.includes(kind))).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  const page = 'docs/troubleshooting.md';

  test('has a section for each code', () => {
    const sections = headingsOf(page).filter((heading) => /^[A-Z_]+$/.test(heading));
    expect(codes.length).toBeGreaterThan(10);
    expect(sections.toSorted()).toEqual(codes.toSorted());
    expect(codes.filter((code) => sectionOf(page, code).trim().length < 200)).toEqual([]);
  });

  test('quotes messages that the action, or AWS, really gives', () => {
    const said = tracked
      .filter((path) => /^(src|emulator)\/.*\.ts$/.test(path))
      .map((path) => read(path).replace(/\\'/g, "'"))
      .join('\n');
    const messages = headingsOf(page).flatMap((heading) => /^`(.+)`$/.exec(heading)?.[1] ?? []);
    expect(messages.length).toBeGreaterThan(25);
    const unknown = messages.filter((message) => message.split('…').some((part) => !said.includes(part.trim())));
    expect(unknown).toEqual([]);
  });
});

describe('policies on the pages', () => {
  const role = 'arn:aws:iam::111111111111:role/on-a-page';

  /** Whether the emulated STS lets a job of that kind assume a role that trusts by that policy. */
  async function trusts(trust: unknown, job: Partial<JobDescription>): Promise<boolean> {
    const emulator = await startEmulator({ world: { roles: { [role]: { trust } } }, job });
    try {
      const body = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: role,
        RoleSessionName: 'on-a-page',
        WebIdentityToken: await emulator.idToken({ audience: 'sts.amazonaws.com' }),
      });
      const { status } = await fetch(emulator.environment.AWS_ENDPOINT_URL_STS ?? '', { method: 'POST', body });
      expect([200, 403]).toContain(status);
      return status === 200;
    } finally {
      await emulator.close();
    }
  }

  const fork = { repository: 'stranger/octo-repo', repository_owner: 'stranger', repository_owner_id: '98' };
  const immutable = { subject_form: 'immutable' } as const;
  const elsewhere = { job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/other' };

  test.each<
    readonly [section: string, trusted: readonly Partial<JobDescription>[], others: readonly Partial<JobDescription>[]]
  >([
    ['By ref', [{}, immutable], [{ ref: 'refs/heads/other' }, { event_name: 'pull_request' }, fork]],
    [
      'By environment',
      [{ environment: 'production' }, { environment: 'production', ...immutable }],
      [{}, { environment: 'staging' }, { environment: 'production', ...fork }],
    ],
    [
      'By immutable subject',
      [immutable],
      [{}, { ...immutable, repository_id: '75' }, { ...immutable, repository_owner_id: '66' }],
    ],
    ['By reusable workflow', [{}, { ref: 'refs/heads/other' }], [elsewhere, { ...fork, repository_id: '99' }]],
  ])('docs/security.md, "%s": lets in the jobs that it is for, and no others', async (section, trusted, others) => {
    const [block = ''] = blocksIn(sectionOf('docs/security.md', section), 'json');
    const policy: unknown = JSON.parse(block);
    expect(await Promise.all(trusted.map((job) => trusts(policy, job)))).toEqual(trusted.map(() => true));
    expect(await Promise.all(others.map((job) => trusts(policy, job)))).toEqual(others.map(() => false));
  });

  test('each is JSON, and where it says whom it trusts, one that the emulator understands', () => {
    const blocks = pages.flatMap((page) => blocksIn(read(page), 'json'));
    expect(blocks.length).toBeGreaterThan(5);
    for (const block of blocks) {
      const document: unknown = JSON.parse(block);
      if (block.includes('"Principal"')) expect(readPolicy(document, 'a page').length).toBeGreaterThan(0);
    }
  });
});
