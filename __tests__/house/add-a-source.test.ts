// Follows the checklist "Add a source" of docs/architecture.md in a copy of this repository, then leaves out one step at a time.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { writeReadme } from '../../scripts/readme.ts';
import { toySteps } from '../support/toy-source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' });

const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
const [, checklist = ''] = /^### Add a source\n([\s\S]*?)^### /m.exec(page) ?? [];
const places = [...checklist.matchAll(/^\d+\. `([^`]+)`:/gm)].map(([, place = '']) => place);

let folder = '';
afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
  folder = '';
});

/** Copies the repository without dist/, and does these steps there. */
function follow(steps: readonly string[]): void {
  folder = mkdtempSync(join(tmpdir(), 'add-a-source-'));
  for (const file of git(root, 'ls-files', '--cached', '--others', '--exclude-standard').split('\n')) {
    if (file === '' || file.startsWith('dist/') || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  git(folder, 'init', '--quiet');
  writeFileSync(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
  for (const step of steps) toySteps[step]?.(folder);
  writeReadme(folder);
}

const [house, rooms, pages, plan, auto, matrix] = [
  '__tests__/house.test.ts',
  '__tests__/house/rooms.test.ts',
  '__tests__/pages.test.ts',
  '__tests__/unit/plan/plan.test.ts',
  '__tests__/unit/plan/auto.test.ts',
  '__tests__/unit/plan/matrix.test.ts',
];

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs these files of tests in the copy; each test that fails with its message, or why a file could not be loaded. */
function failuresOf(files: readonly string[], ...options: readonly string[]): readonly string[] {
  const jest = join(folder, 'scripts', 'jest.ts');
  const output = join(folder, 'build', 'report.json');
  mkdirSync(dirname(output), { recursive: true });
  const args = ['--selectProjects', 'house', 'unit', '--maxWorkers=1', '--json', `--outputFile=${output}`, ...options];
  const { stderr } = spawnSync(process.execPath, [jest, ...args, '--runTestsByPath', ...files], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!existsSync(output)) throw new Error(`Jest wrote no report: ${stderr}`);
  const { testResults }: Report = JSON.parse(readFileSync(output, 'utf8'));
  expect(testResults).toHaveLength(files.length);
  return testResults.flatMap(({ message, assertionResults }) => {
    if (assertionResults.length === 0) return [message];
    return assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => [fullName, ...failureMessages].join('\n'));
  });
}

/** For each step, the file of tests that fails without it, and the test that says so. */
const forgotten: Readonly<Record<string, readonly [file: string, name: string]>> = {
  '__tests__/sources/KIND/': [plan, 'the source toy has one'],
  'src/sources/KIND/': [plan, 'Cannot find module'],
  'src/sources/index.ts': [plan, 'the case toy is of a source in src/sources/index'],
  'action.yml': [house, 'every input that is declared is read, and every one that is read is declared'],
  'docs/sources.md': [pages, 'has a section for each source'],
  'examples/KIND.yml': [pages, 'each is an example, or lines of one, that the tests run'],
};

test('the checklist, the steps of the toy and the steps to forget are the same', () => {
  expect(places.length).toBeGreaterThan(0);
  expect(Object.keys(toySteps)).toEqual(places);
  expect(Object.keys(forgotten)).toEqual(places);
});

test('with every step done, the tests of the house and of the sources pass', () => {
  follow(places);
  expect(failuresOf([house, rooms, pages, plan, auto, matrix])).toEqual([]);
});

test.each(Object.entries(forgotten))('without the step %s a test fails and names it', (place, [file, name]) => {
  follow(places.filter((other) => other !== place));
  const failures = failuresOf([file], '--testNamePattern', name);
  expect(failures.filter((failure) => failure.includes(name) && failure.includes('toy'))).not.toEqual([]);
});
