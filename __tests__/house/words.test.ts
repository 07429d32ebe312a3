// Words that the AWS and GitHub docs do not use, and exported names that are declared twice.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** A word to avoid, and what to write instead. */
const avoided: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bto be had\b/i, 'has no …, is not available'],
  [/\bsave (for|that)\b/i, 'except'],
  [/\bfor want of\b/i, 'because … is missing'],
  [/\bwhoever\b/i, 'anyone who, the caller'],
  [/\bjunk\b/i, 'invalid'],
  [/\b(has|have|had) ended\b/i, 'expired, finished'],
  [/\b(that|which|what) (is|are) none\b|\bis no (key|source|token|role)\b/i, 'is not a …'],
  [/\bwhose (they|these|those) are\b/i, 'who they belong to'],
  [/\bby (comma|blank|line)\b/i, 'separated by commas'],
  [/\b(stands|stood)\b|\bstand (in|for|there|beside|together)\b/i, 'is, was'],
  [/\b(told|tells)\b/i, 'logged, says, shows'],
  [/\bpassed over\b/i, 'skipped'],
  [/\bbeside\b(?! the point)/i, 'next to, in addition to, together with'],
  [/\bincumbents?\b/i, 'configure-aws-credentials'],
  [/\bsurely\b|\bof old\b|\bthereof\b|\bwherein\b|\bhence\b|\bnay\b|\bthither\b/i, 'plain English'],
  [
    /(behavio|colo|favo|hono)ur|licence|(summar|sanit|organ|recogn|serial|initial|normal|author|minim|optim)is(e|ing|ation)/i,
    'American spelling',
  ],
];

/** Comments and texts of code; a name in code is not a word. */
function wordsOfCode(text: string): string {
  const parts = text.matchAll(
    /\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gm,
  );
  return [...parts]
    .map(([part]) => part.replace(/\$\{[^}]*\}/g, '…'))
    .filter((part) => /\s/.test(part))
    .join('\n');
}

/** Titles and comments of tests; what they expect is quoted from elsewhere. */
function wordsOfTests(text: string): string {
  const titles = text.matchAll(/\b(?:test|describe)(?:\.\w+)?(?:\([^'"`]*?\))?\(\s*('(?:[^'\\\n]|\\.)*'|`[^`]*`)/g);
  const comments = text.matchAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm);
  return [...titles, ...comments].map(([part, title]) => title ?? part).join('\n');
}

const prose = /^(action\.yml|[A-Z]+\.md|docs\/.*\.md|\.github\/.*|examples\/.*|emulator\/.*\.ya?ml)$/;
const code = /^(src|emulator|demo|bench|scripts)\/.*\.c?ts$/;
const tests = /^__tests__\/.*\.ts$/;
const own = '__tests__/house/words.test.ts';

/** The words of a file that a person reads. */
function wordsOf(path: string): string | undefined {
  if (path === own) return undefined;
  if (prose.test(path)) return read(path).replace(/\]\([^)]*\)|`[^`\n]*\.yml`|^.*uses:.*$/gm, ']');
  if (code.test(path)) return wordsOfCode(read(path));
  if (tests.test(path)) return wordsOfTests(read(path));
  if (/^__tests__\/scenarios\/.*\.yaml$/.test(path)) return /^about: [\s\S]*?(?=^\w)/m.exec(read(path))?.[0];
  return undefined;
}

describe('the words of the AWS and GitHub docs', () => {
  test.each(tracked.filter((path) => wordsOf(path) !== undefined))('%s', (path) => {
    const lines = (wordsOf(path) ?? '').split('\n');
    const found = avoided.flatMap(([pattern, instead]) =>
      lines
        .filter((line) => pattern.test(line))
        .map((line) => `${pattern.exec(line)?.[0]} (${instead}): ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});

test('no exported name is declared twice in src, except by the protocols', () => {
  const files = tracked.filter((path) => /^src\/(?!adapters\/aws\/protocols\/).*\.ts$/.test(path));
  const declared = files.flatMap((path) =>
    [...read(path).matchAll(/^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm)].map(
      ([, name = '']) => ({ name, path }),
    ),
  );
  const twice = declared.filter(({ name, path }) =>
    declared.some((other) => other.name === name && other.path !== path),
  );
  expect(declared.length).toBeGreaterThan(100);
  expect(twice).toEqual([]);
});
