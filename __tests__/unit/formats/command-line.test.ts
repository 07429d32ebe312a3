import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotACommand, type Quoting, splitCommand } from '../../../src/formats/command-line.ts';

/** What Python's shlex and botocore make of each; both by their own code. */
const cases: readonly (readonly [
  text: string,
  posix: readonly string[] | string,
  windows: readonly string[] | string,
])[] = [
  ['tool', ['tool'], ['tool']],
  ['  tool\ta   b  ', ['tool', 'a', 'b'], ['tool', 'a', 'b']],
  ['tool "a b" c', ['tool', 'a b', 'c'], ['tool', 'a b', 'c']],
  ["tool 'a b' c", ['tool', 'a b', 'c'], ['tool', "'a", "b'", 'c']],
  ['tool ""', ['tool', ''], ['tool', '']],
  ["tool ''", ['tool', ''], ['tool', "''"]],
  ['tool a"b c"d', ['tool', 'ab cd'], ['tool', 'ab cd']],
  ['"/a b/tool" x', ['/a b/tool', 'x'], ['/a b/tool', 'x']],
  ['tool a\\ b', ['tool', 'a b'], ['tool', 'a\\', 'b']],
  ['tool "a\\"b"', ['tool', 'a"b'], ['tool', 'a"b']],
  ['tool "a\\\\b"', ['tool', 'a\\b'], ['tool', 'a\\\\b']],
  ['tool "a\\nb"', ['tool', 'a\\nb'], ['tool', 'a\\nb']],
  ["tool 'a\\b'", ['tool', 'a\\b'], ['tool', "'a\\b'"]],
  ['C:\\dir\\tool.exe \\x', ['C:dirtool.exe', 'x'], ['C:\\dir\\tool.exe', '\\x']],
  ['tool "C:\\a b\\\\"', ['tool', 'C:\\a b\\'], ['tool', 'C:\\a b\\']],
  ['tool \\\\"a b\\\\" c', ['tool', '\\a b\\', 'c'], ['tool', '\\a b\\', 'c']],
  [
    'tool #x $HOME ~ | y; z',
    ['tool', '#x', '$HOME', '~', '|', 'y;', 'z'],
    ['tool', '#x', '$HOME', '~', '|', 'y;', 'z'],
  ],
  ['tool a\nb', ['tool', 'a', 'b'], ['tool', 'a', 'b']],
  ['tool\r\n  "a\nb"', ['tool', 'a\nb'], ['tool', 'a\nb']],
  ['tool\u00a0x', ['tool\u00a0x'], ['tool\u00a0x']],
  ['tool "a', 'has a quote that is not closed', 'has a quote that is not closed'],
  ["tool 'a", 'has a quote that is not closed', ['tool', "'a"]],
  ['tool a\\', 'ends in a backslash', ['tool', 'a\\']],
  ['', 'has no program', 'has no program'],
  ['   ', 'has no program', 'has no program'],
  ['"" a', 'has no program', 'has no program'],
  ['to\0ol', 'contains a NUL character', 'contains a NUL character'],
  [`tool ${'x'.repeat(32_767)}`, 'is longer than 32767 characters', 'is longer than 32767 characters'],
];
const both = cases.flatMap(([text, posix, windows]) => [
  ['posix', text.slice(0, 40), text, posix] as const,
  ['windows', text.slice(0, 40), text, windows] as const,
]);

test.each(both)('%s: %j', (quoting, _name, text, wanted) => {
  if (typeof wanted === 'string') expect(() => splitCommand(text, quoting)).toThrow(new NotACommand(wanted));
  else expect(splitCommand(text, quoting)).toEqual(wanted);
});

describe('what is quoted comes out as it went in', () => {
  const quote: Readonly<Record<Quoting, (word: string) => string>> = {
    posix: (word) => `'${word.replaceAll("'", `'"'"'`)}'`,
    windows: (word) => `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`,
  };
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '"', "'", '\\', 'é', '\n', '$') });
  test.each(['posix', 'windows'] as const)('%s', (quoting) => {
    fc.assert(
      fc.property(word, fc.array(word), (first, rest) => {
        const words = [`t${first}`, ...rest];
        expect(splitCommand(words.map(quote[quoting]).join('  '), quoting)).toEqual(words);
      }),
    );
  });
});

test('whatever it is given, it splits or says why without quoting it', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('posix' as const, 'windows' as const), (text, quoting) => {
      try {
        expect(splitCommand(text, quoting).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(NotACommand);
      }
    }),
  );
});
