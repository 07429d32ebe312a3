import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const page = read('docs', 'act.md');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) => (of === language ? [text] : []));

test('docs/act.md shows parts of workflows that act runs, as they are there', () => {
  const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yml'));
  const texts = names.map((name) => read('examples', name));
  expect(blocks('yaml').length).toBeGreaterThan(0);
  expect(blocks('yaml').filter((block) => !texts.some((text) => text.includes(`\n${block}`)))).toEqual([]);
});

test('docs/act.md installs the version that the tests run, and calls it as they do', () => {
  const version = /'github\.com\/nektos\/act', version: '(v[\d.]+)'/.exec(read('scripts', 'third-party-go.ts'))?.[1];
  expect([...page.matchAll(/nektos\/act@(v[\d.]+)/g)].map(([, shown]) => shown)).toEqual([version]);
  const called = ['support/act.ts', 'examples.test.ts'].map((file) => read('__tests__', 'third-party', file)).join('');
  const flags = blocks('sh').flatMap((block) =>
    [...block.matchAll(/ (-P|-W|-s|--secret-file|--env) /g)].map(([, flag]) => flag),
  );
  expect(new Set(flags)).toEqual(new Set(['-P', '-W', '-s', '--secret-file', '--env']));
  expect([...new Set(flags)].filter((flag) => !called.includes(`'${flag}'`))).toEqual([]);
});

test('docs/act.md calls, in a clone of this repository, a workflow that is there', () => {
  const [, section = ''] = page.split('## Without AWS at all');
  const [, workflow = ''] = /-W (\S+)/.exec(section) ?? [];
  expect(workflow).not.toBe('');
  expect(existsSync(join(root, workflow))).toBe(true);
});
