import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CredentialError } from '../../../src/contract/errors.ts';
import type { Tag } from '../../../src/contract/hop.ts';
import { checkTagCount, defaultTags, findTag, mergeTags, parseCustomTags } from '../../../src/roles/tags.ts';

const refuse = (problem: string, hint: string) => new CredentialError('INPUT_INVALID', problem, { hint });
const pairs = (tags: readonly Tag[]) => tags.map(({ key, value }) => [key, value]);
/** What STS takes in a tag, written independently of the code under test. */
const sound = (text: string, most: number) => text.length <= most && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);

const job = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'octo-org/octo-repo',
  GITHUB_WORKFLOW: 'Deploy & test (all)',
  GITHUB_ACTION: '__self',
  GITHUB_ACTOR: 'dependabot[bot]',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_BASE_REF: 'main',
  GITHUB_HEAD_REF: 'feature/ü',
  GITHUB_RUN_ID: '1234567890',
  GITHUB_JOB: 'deploy',
  GITHUB_TRIGGERING_ACTOR: 'octocat',
};

describe('the tags that tell of the job', () => {
  test('are the thirteen, in order, the last six droppable, and hold nothing that STS refuses', () => {
    const tags = defaultTags(job);
    expect(pairs(tags)).toEqual([
      ['GitHub', 'Actions'],
      ['Repository', 'octo-org/octo-repo'],
      ['Workflow', 'Deploy _ test _all_'],
      ['Action', '__self'],
      ['Actor', 'dependabot_bot_'],
      ['Commit', '0123456789abcdef0123456789abcdef01234567'],
      ['Branch', 'refs/heads/main'],
      ['EventName', 'pull_request'],
      ['BaseRef', 'main'],
      ['HeadRef', 'feature/ü'],
      ['RunId', '1234567890'],
      ['Job', 'deploy'],
      ['TriggeringActor', 'octocat'],
    ]);
    expect(tags.filter(({ origin }) => origin === 'droppable').map(({ key }) => key)).toEqual([
      'EventName',
      'BaseRef',
      'HeadRef',
      'RunId',
      'Job',
      'TriggeringActor',
    ]);
  });

  test.each([
    [{}, []],
    [{ GITHUB_BASE_REF: '', GITHUB_ACTOR: 'nektos/act' }, [['Actor', 'nektos/act']]],
    [{ GITHUB_ACTIONS: 'true' }, [['GitHub', 'Actions']]],
  ])('are left out where the variable is empty or not there: %j', (env, expected) => {
    expect(pairs(defaultTags(env))).toEqual(expected);
  });

  test.each([
    ['🚀', '_'],
    ['a\nb\tc', 'a_b_c'],
    ['x'.repeat(300), 'x'.repeat(256)],
    // U+20000 is a letter of two halves, and the cut would fall between them.
    [`${'x'.repeat(255)}\u{20000}`, 'x'.repeat(255)],
  ])('%j becomes %j', (value, expected) => {
    expect(pairs(defaultTags({ GITHUB_WORKFLOW: value }))).toEqual([['Workflow', expected]]);
  });

  test('whatever the variable holds, STS takes the tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), (value) => {
        const [tag] = defaultTags({ GITHUB_WORKFLOW: value });
        expect(sound(tag?.value ?? '!', 256)).toBe(true);
      }),
    );
  });

  test('what STS takes as it is stays as it is', () => {
    const letter = fc.constantFrom(...'abzAZ019 _.:/=+-@éß漢ـ\u00a0');
    fc.assert(
      fc.property(fc.string({ unit: letter, minLength: 1, maxLength: 256 }), (value) => {
        expect(pairs(defaultTags({ GITHUB_REF: value }))).toEqual([['Branch', value]]);
      }),
    );
  });
});

describe('custom tags', () => {
  test('texts, numbers and booleans become tags', () => {
    const json = '{"Team":"red","Stage":"","Cost Centre":42,"Ratio":0.5,"Nightly":true}';
    expect(pairs(parseCustomTags(json, refuse))).toEqual([
      ['Team', 'red'],
      ['Stage', ''],
      ['Cost Centre', '42'],
      ['Ratio', '0.5'],
      ['Nightly', 'true'],
    ]);
  });

  const cases: readonly (readonly [json: string, problem: RegExp])[] = [
    ['Team=red', /^is not a JSON object/],
    ['{"Team": "red"', /^is not a JSON object/],
    ['[{"Key":"Team"}]', /^is not a JSON object/],
    ['null', /^is not a JSON object/],
    ['"Team"', /^is not a JSON object/],
    ['{"Team":null}', /"Team"/],
    ['{"Team":["s3cret"]}', /"Team"/],
    ['{"Team":{"Name":"s3cret"}}', /"Team"/],
    ['{"Id":12345678901234567890}', /"Id"/],
    ['{"":"x"}', /the key ""/],
    ['{"Team!":"x"}', /the key "Team!"/],
    [`{"${'k'.repeat(129)}":"x"}`, /the key "k{128}"/],
    ['{"line\\nbreak":"x"}', /the key "line\\nbreak"/],
    ['{"aws:Team":"x"}', /the key "aws:Team"/],
    ['{"AWS:team":"x"}', /the key "AWS:team"/],
    ['{"Repository":"x"}', /"Repository", which this action sets itself/],
    ['{"github":"x"}', /"github", which this action sets itself/],
    ['{"triggeringACTOR":"x"}', /"triggeringACTOR", which this action sets itself/],
    ['{"Team":"x","team":"y"}', /the key "team" twice/],
    ['{"Team":"s3cret!"}', /a value for "Team"/],
    [`{"Team":"${'v'.repeat(257)}"}`, /a value for "Team"/],
  ];
  test.each(cases)('%j is refused, naming the key and never the value', (json, problem) => {
    const refusal = (() => {
      try {
        return parseCustomTags(json, refuse);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ message: expect.stringMatching(problem), hint: expect.stringMatching(/\w.*\.$/) });
    expect(refusal).not.toHaveProperty('cause', expect.anything());
    expect(String(refusal)).not.toMatch(/s3cret|vvvv/);
  });

  test('any JSON either makes tags, or is refused', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        try {
          parseCustomTags(json, refuse);
        } catch (error) {
          expect(error).toBeInstanceOf(CredentialError);
        }
      }),
    );
  });

  test('a map of texts is taken, whole and unaltered, exactly where STS would take it', () => {
    const letter = fc.constantFrom(...'abcZ9 _.:/=+-@é漢');
    const text = (maxLength: number) =>
      fc.oneof(
        { weight: 8, arbitrary: fc.string({ unit: letter, minLength: 1, maxLength: 12 }) },
        fc.constantFrom(
          '',
          'a!',
          'a\nb',
          'aws:x',
          'Repository',
          'ACTOR',
          'a'.repeat(maxLength),
          'a'.repeat(maxLength + 1),
        ),
      );
    const outcomes = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.dictionary(text(128), text(256), { maxKeys: 3 }), (map) => {
        const names = Object.keys(map);
        const taken =
          names.every(
            (key) => key !== '' && sound(key, 128) && !/^aws:/i.test(key) && !/^(repository|actor)$/i.test(key),
          ) &&
          new Set(names.map((key) => key.toLowerCase())).size === names.length &&
          Object.values(map).every((value) => sound(value, 256));
        outcomes[taken ? 'taken' : 'refused'] += 1;
        const parse = () => parseCustomTags(JSON.stringify(map), refuse);
        if (taken) expect(pairs(parse())).toEqual(Object.entries(map));
        else expect(parse).toThrow(CredentialError);
      }),
      { numRuns: 600 },
    );
    expect([outcomes.taken > 10, outcomes.refused > 10]).toEqual([true, true]);
  });
});

describe('tags together', () => {
  const tag = (key: string, value: string): Tag => ({ key, value, origin: 'custom' });

  test('the later list wins, whatever the case of its keys', () => {
    expect(pairs(mergeTags([tag('Team', 'red'), tag('Stage', 'test')], [tag('team', 'blue')]))).toEqual([
      ['Stage', 'test'],
      ['team', 'blue'],
    ]);
  });

  test('a tag is found whatever the case of its key', () => {
    expect(findTag([tag('Team', 'red')], 'TEAM')).toMatchObject({ value: 'red' });
    expect(findTag([tag('Team', 'red')], 'Tea')).toBeUndefined();
  });

  test('fifty are taken, fifty-one are refused with the number to leave out', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`, ''));
    expect(() => checkTagCount(many(50), refuse)).not.toThrow();
    expect(() => checkTagCount(many(52), refuse)).toThrow(/^makes 52 session tags/);
  });
});
