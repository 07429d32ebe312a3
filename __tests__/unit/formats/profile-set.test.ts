import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { headerFor, pasteable, subjectOf } from '../../../src/formats/profile-header.ts';
import { explainProblem, warnOfDealt } from '../../../src/formats/profile-problems.ts';
import { misnamedAs, problemsFor, readSharedFiles } from '../../../src/formats/profile-set.ts';
import { placeSection } from '../../../src/formats/section-edit.ts';
import { readLines } from '../../../src/formats/shared-file.ts';
import { outcomeOf } from '../../support/shared-file-outcome.ts';
import { keys, lineEnds, pair, rows, withLineEnd } from '../../support/shared-file-rows.ts';

const cases = Object.entries(lineEnds).flatMap(([called, lineEnd]) =>
  rows.map(({ config, credentials, ...row }) => ({
    ...row,
    called,
    texts: { config: withLineEnd(config, lineEnd), credentials: withLineEnd(credentials, lineEnd) },
  })),
);

test.each(cases)('$called, $name', ({ texts, profile, want }) => expect(outcomeOf(texts, profile)).toEqual(want));

/** The lines that are named for a profile of a text, as the credentials file, and in any line end. */
const problems: readonly (readonly [text: string, profile: string, line: number, reason: string])[] = [
  [`[dev]\n${keys('A')}[prod\n${keys('B')}`, 'prod', 4, 'begins a header and has no closing bracket'],
  [`# c\n\n[dev]\nregion = x\nnothing\n`, 'dev', 5, 'is not a header, a key, a comment or a continued value'],
  ['[dev]\n= x\n', 'dev', 2, 'has no key before its delimiter'],
  ['[dev]\n\n[]\n', 'dev', 3, 'is a header without a name'],
  ['region = x\n[dev]\n', 'default', 1, 'is before the first header, so it is unclear which profile it belongs to'],
  ['dev]\nregion = x\n', 'dev', 1, 'is before the first header, so it is unclear which profile it belongs to'],
  [
    '[dev]\nregion = x\n\nRegion = y\n',
    'dev',
    4,
    'has the key "region" a second time, and tools do not agree on which one counts',
  ],
  [
    '[dev]\n[prod]\n[dev]\nregion = x\n',
    'dev',
    3,
    'begins a second section of the profile dev, after line 1, and the two differ',
  ],
  ['[old]\nregion = x[new]\na = b\n', 'new', 2, 'has a header behind its value, and keys below it'],
  [
    '[dev]\nregion = x\n [prod]\n',
    'prod',
    3,
    'looks like a header, but is indented deeper than the key above it, whose value it continues',
  ],
  [
    '[dev]\na = x\n region = y\n',
    'dev',
    3,
    'looks like the key "region", but is indented deeper than the key above it, whose value it continues',
  ],
  ['[dev]\nrole_arn = x\n y\n', 'dev', 3, 'continues the value of "role_arn", which takes one line'],
  ['[dev]\ns3 =\n y\n', 'dev', 3, 'is below a key without a value, and is not a nested key'],
  [
    '[dev]\ncredential_process = a # b\n',
    'dev',
    2,
    'has a comment after "credential_process", which some tools give to the program and others remove',
  ],
  [
    '[dev]\ncredential_process = a \\\n  b\n',
    'dev',
    2,
    'begins a "credential_process" with a line that ends in a backslash',
  ],
];

describe('a problem', () => {
  const inAnyLineEnd = problems.flatMap(([text, ...rest]) =>
    Object.values(lineEnds).map((lineEnd) => [withLineEnd(text, lineEnd), ...rest] as const),
  );
  test.each(inAnyLineEnd)('of %j, for %s: line %d %s', (credentials, profile, line, reason) => {
    const [problem] = problemsFor(readSharedFiles({ credentials }), profile);
    expect(problem).toMatchObject({ file: 'credentials', line, reason, hint: expect.stringMatching(/\S.*\.$/) });
  });

  test('of an unclosed header says how to write it', () => {
    const [problem] = problemsFor(readSharedFiles({ config: '[profile a]\n[profile My Laptop\n' }), 'My Laptop');
    expect(problem).toMatchObject({ file: 'config', line: 2, hint: 'Write [profile "My Laptop"].' });
  });

  test('of another kind of section is found by its kind', () => {
    const files = readSharedFiles({ config: '[sso-session s]\na = 1\na = 2\n[services v]\nsts =\n  x\n[profile s]\n' });
    expect(problemsFor(files, 's', 'sso-session')).toHaveLength(1);
    expect(problemsFor(files, 'v', 'services')).toHaveLength(1);
    expect(problemsFor(files, 's')).toEqual([]);
  });

  test('of a Windows command is found by the quotes of Windows', () => {
    const credentials = "[dev]\ncredential_process = C:\\get.exe 'team #1'\n";
    expect(problemsFor(readSharedFiles({ credentials }, 'posix'), 'dev')).toEqual([]);
    expect(problemsFor(readSharedFiles({ credentials }, 'windows'), 'dev')).toHaveLength(1);
  });
});

test('every setting has its file and line, and every profile its headers', () => {
  const { profiles, ssoSessions, services } = readSharedFiles({
    config:
      '\n[profile dev]\nregion = a\nsso_session = s # mine\n[sso-session s]\nsso_region = r\n[services v]\nsts =\n  endpoint_url = u\n',
    credentials: `[dev]\n${keys('A')}`,
  });
  expect(profiles).toEqual(
    new Map([
      [
        'dev',
        {
          name: 'dev',
          headers: [
            { file: 'config', line: 2 },
            { file: 'credentials', line: 1 },
          ],
          settings: new Map([
            ['region', { value: 'a', file: 'config', line: 3 }],
            ['sso_session', { value: 's', file: 'config', line: 4 }],
            ['aws_access_key_id', { value: 'AKIAA', file: 'credentials', line: 2 }],
            ['aws_secret_access_key', { value: 'sA', file: 'credentials', line: 3 }],
          ]),
        },
      ],
    ]),
  );
  expect([...ssoSessions.keys(), ...services.keys()]).toEqual(['s', 'v']);
  expect(services.get('v')?.settings.get('sts.endpoint_url')).toEqual({ value: 'u', file: 'config', line: 9 });
});

test.each([
  ['config', '[dev]', 'dev', 'profile dev'],
  ['config', '[My Laptop]', 'My Laptop', 'profile "My Laptop"'],
  ['config', '["My Laptop"]', 'My Laptop', 'profile "My Laptop"'],
  ['config', '[profile My Laptop]', 'My Laptop', 'profile "My Laptop"'],
  ['config', "[profile Bob's]", "Bob's", 'profile "Bob\'s"'],
  ['config', '[Profile dev]', 'dev', 'profile dev'],
  ['credentials', '[profile dev]', 'dev', 'dev'],
  ['credentials', '[profile "My Laptop"]', 'My Laptop', 'My Laptop'],
] as const)('in the %s file, %s is meant as %s, which is written [%s]', (file, header, name, write) => {
  const files = readSharedFiles({ [file]: `\n${header}\n${keys('A')}` });
  expect(misnamedAs(files, name)).toEqual([
    { file, line: 2, header: header.slice(1, -1), meant: { kind: 'profile', name }, write },
  ]);
  expect(files.profiles.has(name)).toBe(false);
});

test('a refusal names the file and the line, and quotes no value', () => {
  const [problem] = problemsFor(readSharedFiles({ credentials: '[dev]\ns3cret = 1\ns3cret = 2\n' }), 'dev');
  expect(problem && explainProblem('dev', problem, { config: '/c', credentials: '/s' })).toEqual({
    message: 'Profile dev in /s: line 3 has a key a second time, and tools do not agree on which one counts',
    hint: 'Remove one of them, or write the header of its own profile before it.',
  });
});

test('one warning names every [DEFAULT], and there is none without', () => {
  const paths = { config: '/c', credentials: '/s' };
  const text = '[DEFAULT]\nregion = x\n';
  const { dealt } = readSharedFiles({ config: text, credentials: `\n${text}` });
  expect(warnOfDealt(dealt, paths)).toMatch(/^\[DEFAULT\] in line 1 of \/c and line 2 of \/s is ignored: /);
  expect(warnOfDealt(readSharedFiles({ config: '[DEFAULT]\n[dev]\nregion = x\n' }).dealt, paths)).toBeUndefined();
});

test('the headers of [DEFAULT] that have keys are named with their line', () => {
  const text = '[DEFAULT]\n[DEFAULT]\nregion = x\n';
  expect(readSharedFiles({ config: text, credentials: text }).dealt).toEqual([
    { file: 'config', line: 2 },
    { file: 'credentials', line: 2 },
  ]);
});

test.each([
  ['dev', 'dev'],
  ['My Laptop', '"My Laptop"'],
  ["Bob's", '"Bob\'s"'],
  ['a$b', "'a$b'"],
  ["a'$b", "'a'\\''$b'"],
])('the name %s is pasted as %s', (name, pasted) => expect(pasteable(name)).toBe(pasted));

const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', "'", '\\', ']', '[', '#', ';', '\t', '\u00A0'), minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
);
const file = fc.constantFrom('config' as const, 'credentials' as const);
const lines = fc.array(
  fc.oneof(
    fc.constantFrom('[dev]', '[profile dev]', '[prod]', '  [dev]', 'region = x', '  a', 's3 =', '[', '= x', 'a[dev]'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 10 },
);

describe('whatever is in the files', () => {
  test('a header that names a profile is read as that profile', () => {
    fc.assert(
      fc.property(name, file, (called, kind) => {
        const header = headerFor({ kind: 'profile', name: called }, kind);
        if (header === undefined) return;
        expect(subjectOf(header, kind)).toEqual({ kind: 'profile', name: called });
        const { text } = placeSection('', { header, keys: pair('A') }, undefined);
        expect(outcomeOf({ [kind]: text }, called)).toEqual(pair('A'));
      }),
      { numRuns: 500 },
    );
  });

  test.each(['My Laptop', 'a"b', 'a\\b', 'team #1', 'a]b', 'é', '[x]', "Bob's"])('%s has a header', (called) => {
    expect(headerFor({ kind: 'profile', name: called }, 'config')).toBeDefined();
  });

  test('a profile that is written is read, and no profile that is not touched by it changes', () => {
    fc.assert(
      fc.property(lines, fc.constantFrom(...Object.values(lineEnds)), (before, lineEnd) => {
        const text = before.join(lineEnd);
        const { text: after } = placeSection(text, { header: 'ours', keys: pair('A') }, undefined);
        expect(outcomeOf({ credentials: after }, 'ours')).toEqual(pair('A'));
        for (const other of ['dev', 'prod', 'default', 'profile dev']) {
          const was = outcomeOf({ credentials: text }, other);
          expect(outcomeOf({ credentials: after }, other)).toEqual(was);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a profile has no keys but those of a section with its name', () => {
    const section = fc
      .tuple(
        fc.constantFrom('[A]', '[B]', '[C]', '[A] # c', '[B]#c', '  [C]', '[A', '[]', 'region = x[B]', '[A]x'),
        fc.constantFrom('', '\n', '  ', '\n\n# c\n'),
      )
      .map(([header, blank]) => {
        const owner = /[ABC]/.exec(header)?.[0] ?? 'NOBODY';
        return `${header}\n${blank}${keys(owner)}`;
      });
    fc.assert(
      fc.property(fc.array(section, { maxLength: 6 }), fc.constantFrom('A', 'B', 'C'), (sections, asked) => {
        const outcome = outcomeOf({ credentials: sections.join('') }, asked);
        if (typeof outcome === 'object' && 'aws_access_key_id' in outcome) expect(outcome).toMatchObject(pair(asked));
      }),
      { numRuns: 2000 },
    );
  });

  test('it is read without an error, and a value is a part of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { profiles } = readSharedFiles({ config: `[profile a]\n${text}`, credentials: `[a]\n${text}` });
        for (const { settings } of profiles.values())
          for (const { value } of settings.values()) for (const part of value.split('\n')) expect(text).toContain(part);
      }),
      { numRuns: 500 },
    );
  });
});

const million = 1_048_576;
test.each([' ', '\t', '\r', '\n', '[', ']', '=', ':', '#', ';', '"', "'", '\\', 'a', 'é', '\u2028', '\0'])(
  '%j a million times over is read once, wherever it is',
  (character) => {
    const run = character.repeat(million);
    for (const text of [
      run,
      `[a]\nregion = ${run}`,
      `[${run}]`,
      `[profile ${run}]`,
      `[a]\ncredential_process = ${run}x`,
    ])
      expect(readLines(text).sections.length).toBeLessThan(2);
    const files = readSharedFiles({ config: `[profile a]\nregion = x\n${run}`, credentials: `[a]\nx = ${run}` });
    expect(files.profiles.get('a')?.settings.get('region')?.value).toBe('x');
  },
);

test('as many sections, keys and lines as a file has room for', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `[p${index}]\nregion = r${index}\n`).join('');
  const repeated = '[dev]\nregion = x\nregion = y\n'.repeat(20_000);
  const files = readSharedFiles({ config: repeated, credentials: `${many}${'  x\n'.repeat(50_000)}` });
  expect(files.profiles.get('p49998')?.settings.get('region')?.value).toBe('r49998');
  expect(problemsFor(files, 'p49999')).toHaveLength(1);
});
