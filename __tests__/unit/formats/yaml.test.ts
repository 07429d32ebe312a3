import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotYaml, parseYaml, type YamlNode } from '../../../src/formats/yaml.ts';

/** The tree as plain values, without lines. */
const plain = (node: YamlNode): unknown => {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  }
};

describe('what is written stays as it is written', () => {
  test.each([
    ['code: 012345', { code: '012345' }],
    ['id: 123456789012345678901', { id: '123456789012345678901' }],
    ['a: 0x1F\nb: 1_000\nc: 1e3\nd: 1.0', { a: '0x1F', b: '1_000', c: '1e3', d: '1.0' }],
    ['on: yes\noff: false\ndate: 2026-01-01', { on: 'yes', off: 'false', date: '2026-01-01' }],
    ['a:\nb: ~\nc: null\nd: "null"', { a: '', b: '', c: '', d: 'null' }],
    ['policy: |\n  {"a":\n   1}\n', { policy: '{"a":\n 1}\n' }],
    ['{"a": [1, true, null, "x"]}', { a: ['1', 'true', '', 'x'] }],
    ['[\n\t{\n\t\t"a": 1\n\t}\n]', [{ a: '1' }]],
    ['', ''],
    ['# nothing', ''],
  ])('%j', (text, expected) => expect(plain(parseYaml(text))).toEqual(expected));

  test('each node knows its line', () => {
    expect(parseYaml('# a comment\n- a: 1\n  b:\n    - x\n')).toEqual({
      kind: 'list',
      line: 2,
      items: [
        {
          kind: 'map',
          line: 2,
          entries: [
            { key: 'a', line: 2, value: { kind: 'text', text: '1', line: 2 } },
            { key: 'b', line: 3, value: { kind: 'list', line: 4, items: [{ kind: 'text', text: 'x', line: 4 }] } },
          ],
        },
      ],
    });
  });

  test('JSON of texts is read as JSON.parse reads it', () => {
    const value = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme-ascii' }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), tie('tree'), { maxKeys: 3 }),
      ),
    })).tree;
    fc.assert(
      fc.property(value, (tree) => {
        expect(plain(parseYaml(JSON.stringify(tree)))).toEqual(tree);
      }),
    );
  });
});

describe('what is not taken', () => {
  test.each([
    ['a: [s3cret', /^is not valid YAML in line 1 \(\w+\)$/],
    ['a: 1\n b: s3cret', /^is not valid YAML in line \d/],
    ['a: 1\na: s3cret', /line 2 \(DUPLICATE_KEY\)/],
    ['"s3cret', /^is not valid YAML in line 1/],
    ['a: 1\n---\nb: s3cret', /^is not valid YAML in line 2 \(MULTIPLE_DOCS\)$/],
    ['- &x s3cret\n- *x', /^contains an alias in line 2/],
    ['&x [*x]', /^contains an alias in line 1/],
    ['? [s3cret]\n: 1', /^has a key in line 1 that is not text/],
    [`${'['.repeat(20)}s3cret${']'.repeat(20)}`, /^is nested too deep in line 1/],
    ['['.repeat(100_000), /^is not valid YAML/],
  ])('case %#', (text, problem) => {
    const error = (() => {
      try {
        return parseYaml(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(NotYaml);
    expect(error).toMatchObject({ message: expect.stringMatching(problem) });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('s3cret');
  });

  test('any text is read or refused, and never worse', () => {
    const letter = fc.constantFrom(...'ab01 \n\t-:[]{},"\'&*!|>#?%@~.');
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 60 }), (text) => {
        try {
          expect(parseYaml(text).line).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(NotYaml);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
