// Every source, with a role and without, delivered every way, failing at every step: generated, and held against a model of the contract.
import { describe, expect, test } from '@jest/globals';
import type { Session } from '../../../src/contract/credentials.ts';
import { memoryAws } from '../../support/memory.ts';
import { memoryDisk, unmarked } from '../../support/memory-disk.ts';
import { type MemoryUse, memoryRunner } from '../../support/memory-runner.ts';
import { roleSession, type SourceCase } from '../../support/source-case.ts';
import { sourceCases } from '../../support/source-cases.ts';

type Texts = Readonly<Record<string, string>>;

const target = 'arn:aws:iam::222222222222:role/target';
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
/** What the machine itself offers as well. */
const machine = { ...idToken, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role' };

/** Where a run may break: which use of the ports refuses. */
type Trouble =
  | 'nothing'
  | 'id token'
  | 'source'
  | 'hop'
  | 'identity'
  | 'allow-list'
  | 'state'
  | 'first file'
  | 'second file'
  | 'delivery';

/** One way to deliver, and what it leaves in the job; a column of the matrix. */
interface Way {
  readonly name: string;
  readonly with: Texts;
  /** `held` is what is in the job when the session is delivered. */
  env(session: Session, held: Texts): Texts;
  outputs(session: Session): Texts;
  /** The files of the home, where these were there. */
  disk(session: Session, home: Texts): Texts;
  /** What cannot be written where the delivery fails. */
  readonly full: string;
}

const variablesOf = ({ credentials, region }: Session, held: Texts): Texts => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  ...(held.AWS_CREDENTIAL_EXPIRATION ? { AWS_CREDENTIAL_EXPIRATION: credentials.expiration?.toISOString() ?? '' } : {}),
});
const credentialOutputsOf = ({ credentials }: Session): Texts => ({
  'aws-access-key-id': credentials.accessKeyId,
  'aws-secret-access-key': credentials.secretAccessKey,
  'aws-session-token': credentials.sessionToken ?? '',
  'aws-expiration': credentials.expiration?.toISOString() ?? '',
});

const credentialsFile = '/home/runner/.aws/credentials';
const configFile = '/home/runner/.aws/config';
/** What may be in the home already. */
const somebodys: Texts = {
  [credentialsFile]: '# mine\n[mine]\naws_access_key_id = AKIAMINE',
  [configFile]: '[profile mine]\r\nregion = eu-west-1\r\n',
};
const profileOf = ({ credentials, region }: Session, home: Texts): Texts => {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const token = sessionToken === undefined ? '' : `aws_session_token = ${sessionToken}\n`;
  const keys = `[some-profile]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${token}`;
  const settings = `[profile some-profile]\nregion = ${region}\n`;
  if (home !== somebodys) return { '/home/runner/.aws/': '', [credentialsFile]: keys, [configFile]: settings };
  return {
    [credentialsFile]: `${home[credentialsFile]}\n${keys}`,
    [configFile]: `${home[configFile]}${settings.replaceAll('\n', '\r\n')}`,
  };
};
const nowhere = () => ({});
const untouched = (_session: Session, home: Texts) => home;

const ways: readonly Way[] = [
  {
    name: 'environment',
    with: {},
    env: variablesOf,
    outputs: nowhere,
    disk: untouched,
    full: 'export AWS_DEFAULT_REGION=us-east-1',
  },
  {
    name: 'outputs',
    with: { 'output-env-credentials': 'false', 'output-credentials': 'true' },
    env: nowhere,
    outputs: credentialOutputsOf,
    disk: untouched,
    full: 'output aws-access-key-id',
  },
  {
    name: 'both',
    with: { 'output-credentials': 'true' },
    env: variablesOf,
    outputs: credentialOutputsOf,
    disk: untouched,
    full: 'output aws-access-key-id',
  },
  {
    name: 'profile',
    with: { 'aws-profile': 'some-profile' },
    env: nowhere,
    outputs: nowhere,
    disk: profileOf,
    full: 'output aws-account-id',
  },
  {
    name: 'everything',
    with: { 'aws-profile': 'some-profile', 'output-env-credentials': 'true', 'output-credentials': 'true' },
    env: (session, held) => ({ ...variablesOf(session, held), AWS_PROFILE: 'some-profile' }),
    outputs: credentialOutputsOf,
    disk: profileOf,
    full: 'export AWS_DEFAULT_REGION=us-east-1',
  },
];

/** What the job holds before: variables, or what an earlier use has delivered. */
const inheritances = ['nothing', 'keys', 'an earlier use'] as const;
const someone = {
  AWS_ACCESS_KEY_ID: 'ASIASOMEONE',
  AWS_SECRET_ACCESS_KEY: 'secret of someone',
  AWS_SESSION_TOKEN: 'token of someone',
  AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:30:00.000Z',
  AWS_REGION: 'eu-north-1',
};

interface Case {
  readonly source: SourceCase;
  readonly hop: 'with a role' | 'as it is';
  readonly way: Way;
  readonly trouble: Trouble;
}

const troublesOf = (source: SourceCase, hop: Case['hop'], way: Way): readonly Trouble[] => [
  'nothing',
  ...(source.idToken === 'required' ? (['id token'] as const) : []),
  ...(source.refusal === undefined ? [] : (['source'] as const)),
  ...(hop === 'with a role' ? (['hop'] as const) : []),
  ...(hop === 'as it is' && source.anonymous === true ? (['identity'] as const) : []),
  'allow-list',
  ...(way.env === nowhere && way.disk === untouched ? [] : (['state'] as const)),
  ...(way.disk === untouched ? [] : (['first file', 'second file'] as const)),
  'delivery',
];

const cases: readonly Case[] = sourceCases.flatMap((source) =>
  (['with a role', 'as it is'] as const).flatMap((hop) =>
    ways.flatMap((way) => troublesOf(source, hop, way).map((trouble) => ({ source, hop, way, trouble }))),
  ),
);

const codeOf = ({ source, trouble }: Case): string | undefined => {
  switch (trouble) {
    case 'nothing':
      return undefined;
    case 'source':
      return source.refusal?.code;
    case 'id token':
      return 'ID_TOKEN_UNAVAILABLE';
    case 'hop':
    case 'identity':
      return 'ACCESS_DENIED';
    case 'allow-list':
      return 'ACCOUNT_NOT_ALLOWED';
    case 'state':
    case 'first file':
    case 'second file':
    case 'delivery':
      return 'DELIVERY_FAILED';
  }
};

const regionAndKeys =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CREDENTIAL_EXPIRATION|REGION|DEFAULT_REGION)$/;
const blanked = (held: Texts): Texts =>
  Object.fromEntries(Object.entries(held).filter(([name]) => !regionAndKeys.test(name)));
const holding = (texts: Texts): Texts => Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));

/** What is there when a step begins. */
interface Job {
  readonly held: Texts;
  readonly home: Texts;
}

/** What the contract says of a case: the job's variables, the step's outputs and the files when main has finished. */
function contract({ source, hop, way, trouble }: Case, { held, home }: Job, unset: 'unset' | 'left') {
  // What could not be put back is not blanked.
  const start = unset === 'unset' && trouble !== 'state' ? blanked(held) : held;
  if (trouble !== 'nothing') return { env: start, outputs: {}, disk: home };
  const session = hop === 'with a role' ? roleSession(target) : source.session(held);
  const outputs = {
    'aws-account-id': session.identity.account,
    'authenticated-arn': session.identity.arn ?? '',
    'aws-region': session.region,
    'credential-source': source.kind,
    ...way.outputs(session),
  };
  return { env: holding({ ...start, ...way.env(session, start) }), outputs, disk: way.disk(session, home) };
}

/** What makes the failure, apart from the inputs. */
function troubleIn({ source, way, trouble }: Case): MemoryUse {
  switch (trouble) {
    case 'source':
      return source.refusal?.use ?? {};
    case 'id token':
      return { idTokens: [] };
    case 'hop':
      return { aws: memoryAws({ refused: { AssumeRole: 'ACCESS_DENIED' } }) };
    case 'identity':
      return { aws: memoryAws({ refused: { GetCallerIdentity: 'ACCESS_DENIED' } }) };
    case 'state':
      return { full: ['state undo'] };
    case 'delivery':
      return { full: [way.full] };
    case 'allow-list':
    case 'first file':
    case 'second file':
    case 'nothing':
      return {};
  }
}

function useOf(each: Case, unset: 'unset' | 'left'): MemoryUse {
  const { source, hop, way, trouble } = each;
  return {
    ...source.use,
    ...troubleIn(each),
    with: {
      'aws-region': 'us-east-1',
      'role-to-assume': [...source.roles, ...(hop === 'with a role' ? [target] : [])].join('\n'),
      source: source.kind,
      'unset-current-credentials': String(unset === 'unset'),
      ...(trouble === 'allow-list' ? { 'allowed-account-ids': '000000000000' } : {}),
      ...source.use.with,
      ...way.with,
    },
  };
}

type Inheritance = (typeof inheritances)[number];

async function jobWith(inheritance: Inheritance) {
  const runner = memoryRunner(
    { ...machine, ...(inheritance === 'keys' ? someone : {}) },
    memoryDisk(inheritance === 'keys' ? somebodys : {}),
  );
  if (inheritance !== 'an earlier use') return runner;
  runner.set({ AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:10:00.000Z' });
  const earlier = { 'role-to-assume': 'arn:aws:iam::444444444444:role/earlier', 'aws-region': 'eu-west-1' };
  expect((await runner.use({ with: earlier, idTokens: ['id-token'] })).error).toBeUndefined();
  return runner;
}

async function check(each: Case, inheritance: Inheritance, unset: 'unset' | 'left'): Promise<void> {
  const runner = await jobWith(inheritance);
  const held = runner.env();
  const home = inheritance === 'keys' ? somebodys : {};
  const wanted = contract(each, { held, home }, unset);
  const code = codeOf(each);

  if (each.trouble === 'first file') runner.disk.break(`write ${credentialsFile}`);
  if (each.trouble === 'second file') runner.disk.break(`write ${configFile}`);
  const { job, error } = await runner.use(useOf(each, unset));
  runner.disk.break();
  expect(error).toEqual(code === undefined ? undefined : expect.objectContaining({ code }));
  expect(runner.env()).toEqual(wanted.env);
  expect(Object.fromEntries(job.outputs)).toEqual(wanted.outputs);
  expect(unmarked(runner.disk.list())).toEqual(wanted.disk);
  expect(job.said.join('\n')).not.toMatch(/secret of|token of|given-secret|an-access-token/);

  expect(runner.post().said.join('\n')).not.toContain('warning');
  expect(runner.env()).toEqual(held);
  expect(runner.disk.list()).toEqual(home);
  if (inheritance !== 'an earlier use') return;
  runner.post();
  expect(runner.env()).toEqual({ ...machine, AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:10:00.000Z' });
}

describe('a step leaves what the contract says, before post and after', () => {
  const rows = cases.map((each) => [each.source.kind, each.hop, each.way.name, each.trouble, each] as const);
  test.each(rows)('%s %s, by %s, in trouble: %s', async (_kind, _hop, _way, _trouble, each) => {
    for (const inheritance of inheritances) {
      if (inheritance === 'nothing' && each.source.held === 'required') continue;
      for (const unset of ['left', 'unset'] as const) await check(each, inheritance, unset);
    }
  });

  test('every trouble is met by some case', () => {
    const troubles: readonly Trouble[] = [
      'nothing',
      'id token',
      'source',
      'hop',
      'identity',
      'allow-list',
      'state',
      'first file',
      'second file',
      'delivery',
    ];
    expect(new Set(cases.map(({ trouble }) => trouble))).toEqual(new Set(troubles));
  });
});
