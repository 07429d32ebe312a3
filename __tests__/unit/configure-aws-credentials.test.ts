// Every input of aws-actions/configure-aws-credentials: given, absent, empty, junk, and by the variable that stands in for it.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { nameOrigins, readInputs } from '../../src/inputs/inputs.ts';
import { readRequest } from '../../src/request.ts';
import { inputVariables, memoryRunner } from '../support/memory-runner.ts';
import { surroundings } from '../support/profiles.ts';

type Texts = Readonly<Record<string, string>>;

const deploy = 'arn:aws:iam::111111111111:role/deploy';
const region = { 'aws-region': 'us-east-1' };
const role = { ...region, 'role-to-assume': deploy };
const keys = { 'aws-access-key-id': 'AKIAGIVEN', 'aws-secret-access-key': 'given-secret' };
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const envKeys = { AWS_ACCESS_KEY_ID: 'AKIAHELD', AWS_SECRET_ACCESS_KEY: 'held-secret' };

/** One input: a row of the table. */
interface Row {
  readonly input: string;
  /** What else the step is given, and what stands in the job. */
  readonly beside: { readonly with: Texts; readonly env: Texts };
  readonly given: string;
  /** What is read where it is given; and where it is absent, or the code of the error. */
  readonly means: object;
  readonly absent: object | 'INPUT_INVALID';
  readonly junk: readonly string[];
  readonly twin?: string;
}

const oidc = { with: role, env: idToken };
const source = (is: object) => ({ plans: { first: { plan: { trunk: { source: is } } } } });
const hop = (is: object) => ({ plans: { first: { plan: { trunk: { hops: [is] } } } } });
const github = { key: 'GitHub', value: 'Actions', origin: 'default' };
const wanted = (...kinds: readonly string[]) => ({
  deliveries: kinds.map((kind) => expect.objectContaining({ kind })),
});
const notABoolean = ['maybe', '1', 'yes', 'tRUE'];

const rows: readonly Row[] = [
  {
    input: 'aws-region',
    beside: { with: { 'role-to-assume': deploy }, env: idToken },
    given: 'eu-west-1',
    means: { region: 'eu-west-1' },
    absent: 'INPUT_INVALID',
    junk: ['US East', 'us_east_1', 'us-east-1.example.com/', 'us-east-1\nx'],
    twin: 'AWS_REGION',
  },
  {
    input: 'role-to-assume',
    beside: { with: region, env: { ...idToken, ...envKeys } },
    given: deploy,
    means: { plans: { first: { plan: { trunk: { source: { kind: 'oidc' }, hops: [{ role: deploy }] } } } } },
    absent: source({ kind: 'environment' }),
    junk: ['arn:aws:iam::1:role/x', 'arn:aws:iam::111111111111:user/x', 'two words', 'bare-name-by-token'],
    twin: 'ROLE_TO_ASSUME',
  },
  {
    input: 'aws-access-key-id',
    beside: { with: { ...region, 'aws-secret-access-key': 'given-secret' }, env: idToken },
    given: 'AKIAGIVEN',
    means: source({ kind: 'static', credentials: { accessKeyId: 'AKIAGIVEN' } }),
    absent: 'INPUT_INVALID',
    junk: ['two words', 'two\nlines'],
  },
  {
    input: 'aws-secret-access-key',
    beside: { with: { ...region, 'aws-access-key-id': 'AKIAGIVEN' }, env: idToken },
    given: 'given-secret',
    means: source({ kind: 'static', credentials: { secretAccessKey: 'given-secret' } }),
    absent: 'INPUT_INVALID',
    junk: ['two words', 'two\nlines'],
  },
  {
    input: 'aws-session-token',
    beside: { with: { ...region, ...keys }, env: idToken },
    given: 'given-token',
    means: source({ credentials: { sessionToken: 'given-token' } }),
    absent: source({ credentials: { accessKeyId: 'AKIAGIVEN', secretAccessKey: 'given-secret' } }),
    junk: ['two words', 'two\nlines'],
  },
  {
    input: 'web-identity-token-file',
    beside: oidc,
    given: 'some/token',
    means: source({ kind: 'web-identity', file: 'some/token' }),
    absent: source({ kind: 'oidc' }),
    junk: ['no/such/file'],
    twin: 'WEB_IDENTITY_TOKEN_FILE',
  },
  {
    input: 'role-chaining',
    beside: { with: role, env: { ...idToken, ...envKeys } },
    given: 'true',
    means: source({ kind: 'environment' }),
    absent: source({ kind: 'oidc' }),
    junk: notABoolean,
    twin: 'ROLE_CHAINING',
  },
  {
    input: 'audience',
    beside: oidc,
    given: 'some-audience',
    means: source({ audience: 'some-audience' }),
    absent: source({ audience: 'sts.amazonaws.com' }),
    junk: ['two words'],
    twin: 'AUDIENCE',
  },
  {
    input: 'role-duration-seconds',
    beside: oidc,
    given: '1800',
    means: hop({ durationSeconds: 1800 }),
    absent: hop({ durationSeconds: 3600 }),
    junk: ['60', '43201', '1d', '-1', '1e3', 'an hour'],
    twin: 'ROLE_DURATION_SECONDS',
  },
  {
    input: 'role-session-name',
    beside: oidc,
    given: 'some-session',
    means: hop({ sessionName: 'some-session' }),
    absent: hop({ sessionName: 'GitHubActions' }),
    junk: ['x', 'two words', 'a/b', 'x'.repeat(65)],
    twin: 'ROLE_SESSION_NAME',
  },
  {
    input: 'role-external-id',
    beside: { with: { ...role, ...keys }, env: {} },
    given: 'some-id',
    means: { plans: { first: { plan: { trunk: { hops: [{ externalId: 'some-id' }] } } } } },
    absent: {
      plans: { first: { plan: { trunk: { hops: [expect.not.objectContaining({ externalId: expect.anything() })] } } } },
    },
    junk: ['x', 'two words'],
    twin: 'ROLE_EXTERNAL_ID',
  },
  {
    input: 'inline-session-policy',
    beside: oidc,
    given: '{"Version":"2012-10-17","Statement":[]}',
    means: hop({ inlinePolicy: '{"Version":"2012-10-17","Statement":[]}' }),
    absent: hop(expect.not.objectContaining({ inlinePolicy: expect.anything() })),
    junk: ['{', 'not a policy', '[]', `{"Version":"${'x'.repeat(2048)}"}`],
    twin: 'INLINE_SESSION_POLICY',
  },
  {
    input: 'managed-session-policies',
    beside: oidc,
    given: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    means: hop({ managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
    absent: hop(expect.not.objectContaining({ managedPolicies: expect.anything() })),
    junk: [
      'ReadOnlyAccess',
      'arn:aws:iam::111111111111:role/x',
      Array(11).fill('arn:aws:iam::aws:policy/X').join('\n'),
    ],
    twin: 'MANAGED_SESSION_POLICIES',
  },
  {
    input: 'custom-tags',
    beside: { with: { ...role, ...keys }, env: { GITHUB_ACTIONS: 'true' } },
    given: '{"Team":"red"}',
    means: hop({ tags: [github, { key: 'Team', value: 'red', origin: 'custom' }] }),
    absent: hop({ tags: [github] }),
    junk: [
      '{',
      '[]',
      '"Team"',
      '{"Team":{}}',
      '{"":"x"}',
      '{"GitHub":"mine"}',
      `{"Team":"${'x'.repeat(257)}"}`,
      '{"Te;am":"x"}',
    ],
  },
  {
    input: 'transitive-tag-keys',
    beside: { with: { ...role, ...keys }, env: { GITHUB_ACTIONS: 'true' } },
    given: 'GitHub',
    means: hop({ transitiveTagKeys: ['GitHub'] }),
    absent: hop(expect.not.objectContaining({ transitiveTagKeys: expect.anything() })),
    // Only the keys of tags that are really sent count; any other is left out.
    junk: [],
    twin: 'TRANSITIVE_TAG_KEYS',
  },
  {
    input: 'role-skip-session-tagging',
    beside: { with: { ...role, ...keys }, env: { GITHUB_ACTIONS: 'true' } },
    given: 'true',
    means: hop(expect.not.objectContaining({ tags: expect.anything() })),
    absent: hop({ tags: [github] }),
    junk: notABoolean,
    twin: 'ROLE_SKIP_SESSION_TAGGING',
  },
  {
    input: 'special-characters-workaround',
    beside: oidc,
    given: 'true',
    means: hop({ specialCharacters: 'avoided' }),
    absent: hop(expect.not.objectContaining({ specialCharacters: 'avoided' })),
    junk: notABoolean,
    twin: 'SPECIAL_CHARACTERS_WORKAROUND',
  },
  {
    input: 'http-proxy',
    beside: oidc,
    given: 'http://proxy.example.com:3128',
    means: { network: { proxy: expect.anything() } },
    absent: { network: expect.not.objectContaining({ proxy: expect.anything() }) },
    // HTTPS_PROXY and the like stand in for it and for no-proxy as for every tool: held with the network.
    junk: ['ftp://proxy.example.com', 'http://', 'two words'],
  },
  {
    input: 'no-proxy',
    beside: { with: { ...role, 'http-proxy': 'http://proxy.example.com:3128' }, env: idToken },
    given: '10.0.0.0/8, .example.com',
    means: { network: { proxy: { bypass: '10.0.0.0/8, .example.com' } } },
    absent: { network: { proxy: { bypass: '' } } },
    junk: ['10.0.0.0/99', 'http://host', 'a*b', 'host:99999'],
  },
  {
    input: 'mask-aws-account-id',
    beside: oidc,
    given: 'true',
    means: { guard: { maskAccount: true } },
    absent: { guard: { maskAccount: false } },
    junk: notABoolean,
    twin: 'MASK_AWS_ACCOUNT_ID',
  },
  {
    input: 'output-credentials',
    beside: oidc,
    given: 'true',
    means: wanted('environment', 'credential-outputs', 'outputs'),
    absent: wanted('environment', 'outputs'),
    junk: notABoolean,
    twin: 'OUTPUT_CREDENTIALS',
  },
  {
    input: 'output-env-credentials',
    beside: oidc,
    given: 'false',
    means: wanted('outputs'),
    absent: wanted('environment', 'outputs'),
    junk: notABoolean,
  },
  {
    input: 'aws-profile',
    beside: oidc,
    given: 'some-profile',
    means: wanted('profile', 'outputs'),
    absent: wanted('environment', 'outputs'),
    junk: [
      'two words',
      'a/b',
      'a\\b',
      '[a]',
      'a]',
      "it's",
      'a"b',
      '#a',
      ';a',
      'a\u0001b',
      'a\nb',
      'DEFAULT',
      '__proto__',
    ],
  },
  {
    input: 'overwrite-aws-profile',
    beside: { with: { ...role, 'aws-profile': 'some-profile' }, env: idToken },
    given: 'true',
    means: { overwrite: true },
    absent: { overwrite: false },
    junk: notABoolean,
    twin: 'OVERWRITE_AWS_PROFILE',
  },
  {
    input: 'unset-current-credentials',
    beside: { with: role, env: { ...idToken, ...envKeys } },
    given: 'true',
    means: { unset: true },
    absent: { unset: false },
    junk: notABoolean,
    twin: 'UNSET_CURRENT_CREDENTIALS',
  },
  {
    input: 'use-existing-credentials',
    beside: { with: role, env: { ...idToken, ...envKeys } },
    given: 'true',
    means: { existing: { mode: 'reuse', minRemaining: 0 } },
    absent: { existing: { mode: 'replace' } },
    junk: notABoolean,
    twin: 'USE_EXISTING_CREDENTIALS',
  },
  {
    input: 'allowed-account-ids',
    beside: oidc,
    given: '111111111111, 222222222222',
    means: { guard: { allowedAccounts: ['111111111111', '222222222222'] } },
    absent: { guard: expect.not.objectContaining({ allowedAccounts: expect.anything() }) },
    junk: ['111111111111,', ',', '1111', 'all'],
  },
  {
    input: 'force-skip-oidc',
    beside: { with: role, env: { ...idToken, ...envKeys } },
    given: 'true',
    means: source({ kind: 'environment' }),
    absent: source({ kind: 'oidc' }),
    junk: notABoolean,
  },
  {
    input: 'sts-endpoint',
    beside: oidc,
    given: 'https://sts.example.com',
    means: { network: { endpoints: { sts: 'https://sts.example.com' } } },
    absent: { network: { endpoints: { sts: undefined } } },
    junk: ['sts.example.com', 'ftp://sts.example.com', 'https://'],
  },
  {
    input: 'disable-retry',
    beside: oidc,
    given: 'true',
    means: { network: { attempts: 1 } },
    absent: { network: { attempts: 12 } },
    junk: notABoolean,
    twin: 'DISABLE_RETRY',
  },
  {
    input: 'retry-max-attempts',
    beside: oidc,
    given: '3',
    means: { network: { attempts: 3 } },
    absent: { network: { attempts: 12 } },
    junk: ['three', '1.5', '1e1'],
    twin: 'RETRY_MAX_ATTEMPTS',
  },
  {
    input: 'action-timeout-s',
    beside: oidc,
    given: '60',
    means: { timeoutS: 60 },
    absent: { timeoutS: undefined },
    junk: ['0', '-1', 'soon'],
  },
  {
    input: 'translate-env-variables',
    beside: { with: role, env: { ...idToken, AUDIENCE: 'some-audience' } },
    given: 'false',
    means: source({ audience: 'sts.amazonaws.com' }),
    absent: source({ audience: 'some-audience' }),
    junk: notABoolean,
  },
];

/** Everything that the inputs decide. */
async function read({ beside }: Row, inputs: Texts, env: Texts = {}): Promise<object> {
  const all = { ...beside.env, ...env, ...inputVariables({ ...beside.with, ...inputs }) };
  const reader = readInputs(all, () => {});
  return {
    ...(await readRequest(reader, surroundings(all))),
    unset: reader.flag('unset-current-credentials', false),
    overwrite: reader.flag('overwrite-aws-profile', false),
  };
}

/** What a step says that fails; it has asked nothing of AWS. */
async function refusal({ beside }: Row, inputs: Texts, env: Texts = {}): Promise<unknown> {
  const { error, aws } = await memoryRunner({ ...beside.env, ...env }).use({ with: { ...beside.with, ...inputs } });
  expect(aws.calls).toEqual([]);
  return error;
}

const invalid = (text: string) => ({
  code: expect.stringMatching(/^(INPUT_INVALID|TOKEN_UNREADABLE)$/),
  message: expect.stringContaining(text),
  hint: expect.stringMatching(/\w/),
});

describe.each(rows.map((row) => [row.input, row] as const))('%s', (input, row) => {
  const { given, means, absent, junk, twin } = row;

  test('given', async () => expect(await read(row, { [input]: given })).toMatchObject(means));

  test.each([{}, { [input]: '' }, { [input]: ' \n' }])('absent or empty: %j', async (inputs) => {
    if (absent === 'INPUT_INVALID') expect(await refusal(row, inputs)).toMatchObject(invalid(`"${input}"`));
    else expect(await read(row, inputs)).toMatchObject(absent);
  });

  if (junk.length > 0)
    test.each(junk)('junk is refused before any request: %j', async (value) => {
      const error = await refusal(row, { [input]: value });
      expect(error).toMatchObject(invalid(`"${input}"`));
      expect(String(error)).not.toContain('the variable');
    });

  if (twin === undefined) {
    test('has no variable', () => {
      const variable = input.toUpperCase().replaceAll('-', '_');
      expect(readInputs({ [variable]: given }, () => {}).optional(input)).toBeUndefined();
    });
    return;
  }

  test(`by ${twin}`, async () => {
    expect(await read(row, { [input]: '' }, { [twin]: ` ${given}\n` })).toMatchObject(means);
  });

  test(`is stronger than ${twin}`, async () => {
    expect(await read(row, { [input]: given }, { [twin]: 'ünused' })).toMatchObject(means);
  });

  test(`is absent where ${twin} is empty`, () => {
    const inputs = readInputs({ [twin]: ' ' }, () => {});
    expect([inputs.optional(input), inputs.origin(input)]).toEqual([undefined, undefined]);
  });

  if (junk.length > 0)
    test.each(junk)(`junk in ${twin} is refused, naming both: %j`, async (value) => {
      expect(await refusal(row, {}, { [twin]: value })).toMatchObject(
        invalid(`"${input}" (from the variable ${twin})`),
      );
    });

  test('without translate-env-variables', async () => {
    const inputs = { 'translate-env-variables': 'false' };
    // The region's variables are every AWS tool's, not the incumbent's.
    const expected = absent === 'INPUT_INVALID' ? means : absent;
    expect(await read(row, inputs, { [twin]: given })).toMatchObject(expected);
  });
});

describe('the proxy’s variables, which are every tool’s', () => {
  const row = (input: string) => rows.find((each) => each.input === input) ?? rows[0];
  test.each([
    ['http-proxy', 'HTTP_PROXY', 'http://proxy.example.com:3128'],
    ['http-proxy', 'http_proxy', 'http://proxy.example.com:3128'],
    ['no-proxy', 'NO_PROXY', '10.0.0.0/8, .example.com'],
    ['no-proxy', 'no_proxy', '10.0.0.0/8, .example.com'],
  ])('%s by %s, with translate-env-variables or without', async (input, variable, value) => {
    const of = row(input);
    if (of === undefined) throw new Error(`no row for ${input}`);
    for (const inputs of [{}, { [input]: '' }, { 'translate-env-variables': 'false' }]) {
      expect(await read(of, inputs, { [variable]: value })).toMatchObject(of.means);
    }
    expect(await read(of, { [input]: of.given }, { [variable]: 'http://unused' })).toMatchObject(of.means);
  });
});

describe('the table', () => {
  const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));
  /** https://github.com/aws-actions/configure-aws-credentials/blob/main/action.yml, of 6.3.0 */
  const incumbent = `aws-region role-to-assume aws-access-key-id aws-secret-access-key aws-session-token
    web-identity-token-file role-chaining audience role-duration-seconds role-session-name role-external-id
    inline-session-policy managed-session-policies role-skip-session-tagging transitive-tag-keys custom-tags
    mask-aws-account-id output-credentials output-env-credentials unset-current-credentials aws-profile
    overwrite-aws-profile use-existing-credentials allowed-account-ids force-skip-oidc http-proxy no-proxy sts-endpoint
    disable-retry retry-max-attempts special-characters-workaround action-timeout-s translate-env-variables`.split(
    /\s+/,
  );

  test('has a row for every input of the incumbent, and action.yml declares each', () => {
    expect(rows.map(({ input }) => input).toSorted()).toEqual(incumbent.toSorted());
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(incumbent));
  });

  test('action.yml declares its outputs, and the ARN that it sets without declaring it', () => {
    const outputs = [
      'aws-account-id',
      'aws-access-key-id',
      'aws-secret-access-key',
      'aws-session-token',
      'aws-expiration',
    ];
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining([...outputs, 'authenticated-arn']));
  });

  test('has every variable of the incumbent', () => {
    const twins = rows.flatMap(({ twin }) => twin ?? []);
    const known = `AWS_REGION ROLE_TO_ASSUME WEB_IDENTITY_TOKEN_FILE ROLE_CHAINING AUDIENCE MASK_AWS_ACCOUNT_ID
      ROLE_DURATION_SECONDS ROLE_EXTERNAL_ID ROLE_SESSION_NAME ROLE_SKIP_SESSION_TAGGING TRANSITIVE_TAG_KEYS
      INLINE_SESSION_POLICY MANAGED_SESSION_POLICIES OUTPUT_CREDENTIALS UNSET_CURRENT_CREDENTIALS DISABLE_RETRY
      RETRY_MAX_ATTEMPTS SPECIAL_CHARACTERS_WORKAROUND USE_EXISTING_CREDENTIALS OVERWRITE_AWS_PROFILE`.split(/\s+/);
    expect(twins.toSorted()).toEqual(known.toSorted());
  });

  test('an input with a variable has no default, which would always be stronger', () => {
    const given = rows.filter(({ input, twin }) => twin !== undefined && 'default' in action.inputs[input]);
    expect(given.map(({ input }) => input)).toEqual([]);
  });

  test('docs/migrate.md says of every input of the incumbent what becomes of it', () => {
    const page = readFileSync(new URL('../../docs/migrate.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map((match) => match[1]);
    expect(named).toEqual(expect.arrayContaining(incumbent));
  });
});

describe('naming the variable', () => {
  const inputs = readInputs(
    { AUDIENCE: 'x', AWS_DEFAULT_REGION: 'x', INPUT_AUDIENCE: '', 'INPUT_ROLE-CHAINING': 'x' },
    () => {},
  );

  test.each([
    ['Input "audience" is junk', 'Input "audience" (from the variable AUDIENCE) is junk'],
    ['Input "aws-region" is junk', 'Input "aws-region" (from the variable AWS_DEFAULT_REGION) is junk'],
    ['Input "role-chaining" is given', 'Input "role-chaining" is given'],
    ['"constructor" and "to-string"', '"constructor" and "to-string"'],
  ])('%s', (text, named) => expect(nameOrigins(text, inputs)).toBe(named));

  test('the log says where a choice came from', async () => {
    const { job } = await memoryRunner({ ...idToken, ...envKeys, ROLE_TO_ASSUME: deploy, ROLE_CHAINING: 'True' }).use({
      with: region,
    });
    expect(job.said).toContain(
      'Source: environment (auto: "role-chaining" (from the variable ROLE_CHAINING) is given)',
    );
  });
});
