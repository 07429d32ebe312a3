import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FileKind, subjectOf } from '../../../src/formats/profile-header.ts';
import { placeSection, secretsIn, unplaceSection } from '../../../src/formats/section-edit.ts';
import { readLines, type Section } from '../../../src/formats/shared-file.ts';

const sectionsIn = (text: string) => readLines(text).sections;
const profileNamed = (header: string, file: FileKind) => {
  const subject = subjectOf(header, file);
  return subject?.kind === 'profile' ? subject.name : undefined;
};
const headersIn = (text: string) => sectionsIn(text).map(({ header }) => header);
const textsOf = (text: string) => sectionsIn(text).map(({ start, end }) => text.slice(start, end));

describe('sections', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['nothing', '', []],
    ['keys before any header', 'a = 1\n', []],
    ['one after the other', '[a]\nk = 1\n\n[b]\n', ['[a]\nk = 1', '[b]']],
    ['blanks in and around the header', '  [ a ]\t\nk=1', ['  [ a ]\t\nk=1']],
    ['a comment after the header', '[a] # why\n[b];x\n', ['[a] # why', '[b];x']],
    [
      'comments and blank lines before the next section are nobody’s',
      '[a]\nk=1\n\n# b\n ; b\n[b]',
      ['[a]\nk=1', '[b]'],
    ],
    ['comments between keys are the section’s', '[a]\n# x\nk=1\n', ['[a]\n# x\nk=1']],
    ['a header in a comment', '# [a]\n;[b]\n', []],
    ['CRLF', '[a]\r\nk=1\r\n[b]\r\n', ['[a]\r\nk=1', '[b]']],
    ['CR alone', '[a]\rk=1\r[b]', ['[a]\rk=1', '[b]']],
    ['a byte order mark', '\uFEFF[a]\nk=1\n', ['[a]\nk=1']],
    ['nested keys', '[a]\ns3 =\n  k = 1\n  [x]\n\n  m = 2\n[b]\n', ['[a]\ns3 =\n  k = 1\n  [x]\n\n  m = 2', '[b]']],
    ['a header as deep as the key above it', '[a]\n  k = 1\n  [b]\n', ['[a]\n  k = 1', '  [b]']],
    ['a bracket in a value', '[a]\nk = [b]\n', ['[a]\nk = [b]']],
    ['a line that is nothing', '[a]\nnothing\n[b]', ['[a]\nnothing', '[b]']],
  ];
  test.each(cases)('%s', (_name, text, sections) => expect(textsOf(text)).toEqual(sections));

  test.each([
    ['[a]', 'a'],
    ['[ profile  x ]', 'profile  x'],
    ['[a]b', 'a'],
    ['[a]b]', 'a]b'],
    ['[a] # [b]', 'a'],
    ['[a #b]', 'a #b'],
    ['[]', ''],
  ])('the header of %s', (text, header) => expect(headersIn(text)).toEqual([header]));
});

describe('the profile that a header names', () => {
  test.each([
    ['x', 'credentials', 'x'],
    ['profile x', 'credentials', 'profile x'],
    ['default', 'credentials', 'default'],
    ['profile x', 'config', 'x'],
    ['profile \t x', 'config', 'x'],
    ['profile "my profile"', 'config', 'my profile'],
    ["profile 'x'", 'config', 'x'],
    ['default', 'config', 'default'],
    ['profile default', 'config', 'default'],
    ['x', 'config', undefined],
    ['profile', 'config', undefined],
    ['sso-session x', 'config', undefined],
    ['profile my profile', 'config', undefined],
    ['profile "my', 'config', undefined],
    ['profiles x', 'config', undefined],
    ['DEFAULT', 'credentials', undefined],
    ['', 'credentials', undefined],
  ] as const)('%s in %s: %s', (header, file, name) => expect(profileNamed(header, file)).toBe(name));
});

test('what may be secret in a section', () => {
  const section = `[a]
aws_access_key_id = AKIA
aws_secret_access_key=s/e=c
aws_session_token : t
web_identity_token_file = /a
region = us-east-1
credential_process = get --me
# x_key = commented
no delimiter
other_secret =
  on a line
  of = its own
output = json
  not secret`;
  const secrets = ['AKIA', 's/e=c', 't', 'get --me', 'commented', 'on a line', 'of = its own'];
  expect(secretsIn(section)).toEqual(secrets);
});

/** Texts as people write them, as they break them, and as nobody would. */
const line = fc.oneof(
  fc.constantFrom(
    '[a]',
    '[ours]',
    '  [b]',
    '[profile a] # x',
    'k = v',
    '  k = v',
    's3 =',
    '# c',
    ';',
    '',
    ' ',
    '\t[c]',
    '[',
    ']',
    'x',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const text = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n')), { maxLength: 8 }),
    fc.constantFrom('', ' ', '\r', 'k = v', '[z]'),
  )
  .map(([mark, lines, end]) => mark + lines.map(([content, lineEnd]) => content + lineEnd).join('') + end);
const value = fc.stringMatching(/^[!-~]{1,20}$/);
const keys = fc.record({ aws_access_key_id: value, aws_secret_access_key: value, region: value });
const header = fc.constantFrom('ours', 'profile ours', 'default');

/** As the delivery writes: over the one section of that header, or at the end. */
function write(into: string, name: string, values: Readonly<Record<string, string>>) {
  const old = sectionsIn(into).find((candidate) => candidate.header === name);
  return { ...placeSection(into, { header: name, comment: 'ours', keys: values }, old), old };
}
function find(within: string, section: string): Section {
  const found = sectionsIn(within).find(({ start, end }) => within.slice(start, end) === section);
  if (found === undefined) throw new Error(`the section is not in ${JSON.stringify(within)}`);
  return found;
}

describe('whatever is in the text', () => {
  test('a section that is written is found, and every other byte stays', () => {
    fc.assert(
      fc.property(text, header, keys, (before, name, values) => {
        const { text: after, section, old, joint } = write(before, name, values);
        const { start, end } = find(after, section);
        const around = [after.slice(0, start), after.slice(end)];
        if (old !== undefined) expect(around).toEqual([before.slice(0, old.start), before.slice(old.end)]);
        else expect(around).toEqual([before + joint, expect.stringMatching(/^\r?\n$/)]);
        expect(joint).toMatch(/^(\r?\n)?$/);
      }),
    );
  });

  test('written and taken back is the same text', () => {
    fc.assert(
      fc.property(text, header, keys, (before, name, values) => {
        const placed = write(before, name, values);
        expect(unplaceSection(placed.text, find(placed.text, placed.section), placed)).toBe(before);
      }),
    );
  });

  test('no section but ours comes, goes or changes', () => {
    fc.assert(
      fc.property(text, header, keys, (before, name, values) => {
        const { text: after, section, old } = write(before, name, values);
        const others = sectionsIn(before).filter((candidate) => candidate.start !== old?.start);
        const { start: ours } = find(after, section);
        const left = sectionsIn(after).filter(({ start }) => start !== ours);
        expect(left.map(({ start, end }) => after.slice(start, end))).toEqual(
          others.map(({ start, end }) => before.slice(start, end)),
        );
      }),
    );
  });

  test('written twice is written once', () => {
    fc.assert(
      fc.property(text, header, keys, (before, name, values) => {
        const once = write(before, name, values).text;
        fc.pre(sectionsIn(once).filter((section) => section.header === name).length === 1);
        expect(write(once, name, values).text).toBe(once);
      }),
    );
  });

  test('several sections come and go in any order, and what was there stays', () => {
    fc.assert(
      fc.property(text, fc.shuffledSubarray(['x', 'y', 'z'], { minLength: 3 }), keys, (before, order, values) => {
        const placed = new Map<string, ReturnType<typeof write>>();
        let present = before;
        for (const name of ['x', 'y', 'z']) {
          const one = write(present, name, values);
          placed.set(name, one);
          present = one.text;
        }
        for (const name of order) {
          const one = placed.get(name);
          if (one !== undefined) present = unplaceSection(present, find(present, one.section), one);
        }
        const lifo = order.join('') === 'zyx';
        // Out of order, the line end that was put at the end of the text may stay.
        if (lifo) expect(present).toBe(before);
        expect([before, `${before}\n`, `${before}\r\n`]).toContain(present);
      }),
    );
  });
});
