import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Emulator, EmulatorOptions, JobDescription } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { element, keysOf, post, refusal } from './support/wire.ts';

const deploy = 'arn:aws:iam::111111111111:role/deploy';
const audience = 'sts.amazonaws.com';
const Action = 'AssumeRoleWithWebIdentity';
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** A form that works, with changes; a value of undefined takes a field out. */
async function form(
  changes: Readonly<Record<string, string | undefined>> = {},
  of = emulator,
): Promise<Record<string, string>> {
  const fields = {
    Action,
    RoleArn: deploy,
    RoleSessionName: 'session',
    WebIdentityToken: 'WebIdentityToken' in changes ? undefined : await of.idToken({ audience }),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

test('hands out a session that works, by the SDK', async () => {
  const endpoint = `${emulator.url}/sts`;
  const { Credentials, ...rest } = await new STSClient({ region: 'eu-central-1', endpoint }).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: deploy,
      RoleSessionName: 'by=sdk,+.@-',
      WebIdentityToken: await emulator.idToken({ audience }),
      DurationSeconds: 900,
    }),
  );
  expect(rest).toMatchObject({
    AssumedRoleUser: {
      Arn: 'arn:aws:sts::111111111111:assumed-role/deploy/by=sdk,+.@-',
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:by=sdk,\+\.@-$/),
    },
    Audience: audience,
    Provider: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com',
    SubjectFromWebIdentityToken: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {};
  expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(SecretAccessKey).toHaveLength(40);
  expect(SessionToken.length).toBeGreaterThanOrEqual(300);
  const seconds = (Number(Expiration) - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(800);
  expect(seconds).toBeLessThanOrEqual(900);

  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const caller = await new STSClient({ region: 'eu-central-1', endpoint, credentials }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(caller).toMatchObject({
    Account: '111111111111',
    Arn: 'arn:aws:sts::111111111111:assumed-role/deploy/by=sdk,+.@-',
    UserId: rest.AssumedRoleUser?.AssumedRoleId,
  });
});

test('answers in the form of the query protocol', async () => {
  const response = await post(emulator, await form());
  expect(response.headers.get('content-type')).toBe('text/xml');
  const xml = await response.text();
  expect(xml).toMatch(/^<AssumeRoleWithWebIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/">/);
  expect(element(xml, 'RequestId')).toBe(response.headers.get('x-amzn-requestid'));
  expect(element(xml, 'Expiration')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

  const refused = await (await post(emulator, await form({ RoleArn: `${deploy}-not` }))).text();
  expect(refused).toMatch(
    /^<ErrorResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/">\s*<Error>\s*<Type>Sender<\/Type>/,
  );
});

describe('trust policies', () => {
  const role = (name: string, account = '111111111111', partition = 'aws') =>
    `arn:${partition}:iam::${account}:role/${name}`;
  test.each<[job: Partial<JobDescription>, roleArn: string, aud: string, status: number]>([
    [{}, role('deploy'), audience, 200],
    [{ subject_form: 'immutable' }, role('deploy'), audience, 200],
    [{ ref: 'refs/heads/other' }, role('deploy'), audience, 403],
    [{ event_name: 'pull_request' }, role('deploy'), audience, 403],
    [{ environment: 'production' }, role('deploy'), audience, 403],
    [{ environment: 'production' }, role('by-environment'), audience, 200],
    [{ environment: 'Production' }, role('by-environment'), audience, 403],
    [{}, role('by-environment'), audience, 403],
    [{}, role('by-workflow'), audience, 200],
    [{ repository_id: '75' }, role('by-workflow'), audience, 403],
    [
      { job_workflow_ref: 'octo-org/o/.github/workflows/other.yml@refs/heads/main' },
      role('by-workflow'),
      audience,
      403,
    ],
    [{}, role('path/nested'), audience, 200],
    [{}, role('nested'), audience, 403],
    [{}, role('nobody'), audience, 403],
    [{}, role('for-user'), audience, 403],
    [{}, role('not-there'), audience, 403],
    // The provider lets this audience in, the role does not.
    [{}, role('deploy'), 'sts.amazonaws.com.cn', 403],
    [{}, role('deploy', '444444444444', 'aws-us-gov'), audience, 200],
    [{}, role('deploy', '555555555555', 'aws-cn'), 'sts.amazonaws.com.cn', 200],
  ])('job %j, %s, audience %s: %i', async (job, RoleArn, aud, status) => {
    const own = await startEmulator({ job });
    const WebIdentityToken = await own.idToken({ audience: aud });
    const answer = await refusal(own, await form({ RoleArn, WebIdentityToken }, own));
    await own.close();
    const denied = { code: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' };
    expect(answer).toEqual({ status, ...(status === 200 ? { code: undefined, message: undefined } : denied) });
  });

  test('a claim that AWS makes no condition key of is never met', async () => {
    const trust = (key: string, value: string) => ({
      Statement: {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`token.actions.githubusercontent.com:${key}`]: value } },
      },
    });
    const roles = {
      [`${deploy}-known`]: { trust: trust('repository', 'octo-org/octo-repo') },
      [`${deploy}-unknown`]: { trust: trust('repository_owner', 'octo-org') },
    };
    const own = await startEmulator({ world: { roles } });
    const status = async (RoleArn: string) => (await post(own, await form({ RoleArn }, own))).status;
    expect([await status(`${deploy}-known`), await status(`${deploy}-unknown`), await status(deploy)]).toEqual([
      200, 403, 200,
    ]);
    await own.close();
  });
});

describe('tokens', () => {
  const unverified =
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
  const noJwt = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
  test.each<[what: string, token: () => Promise<string>, code: string, message: string | RegExp]>([
    [
      'for another audience',
      () => emulator.idToken({ audience: 'other' }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    ['for no audience', () => emulator.idToken(), 'InvalidIdentityToken', 'Incorrect token audience'],
    [
      'that ran out',
      () => emulator.idToken({ audience, expiresInSeconds: -1 }),
      'ExpiredTokenException',
      /^Token expired: current date\/time \d{10} must be before the expiration date\/time\d{10}$/,
    ],
    [
      'signed by a stranger',
      () => emulator.idToken({ audience, signedByStranger: true }),
      'InvalidIdentityToken',
      unverified,
    ],
    [
      'of another issuer',
      () => emulator.idToken({ audience, claims: { iss: 'https://gitlab.example' } }),
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://gitlab.example',
    ],
    [
      'that claims to be the real issuer’s',
      () => emulator.idToken({ audience, claims: { iss: 'https://token.actions.githubusercontent.com' } }),
      'InvalidIdentityToken',
      unverified,
    ],
    [
      'without a subject',
      () => emulator.idToken({ audience, claims: { sub: undefined } }),
      'InvalidIdentityToken',
      'Missing a required claim: sub, exp',
    ],
    ['that is none', async () => 'gho_0123456789', 'InvalidIdentityToken', noJwt],
    [
      'changed after it was signed',
      async () => {
        const [header, payload, signature] = (await emulator.idToken({ audience })).split('.');
        const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
        const changed = Buffer.from(JSON.stringify({ ...Object(claims), actor: 'mallory' })).toString('base64url');
        return [header, changed, signature].join('.');
      },
      'InvalidIdentityToken',
      unverified,
    ],
  ])('%s', async (_what, token, code, message) => {
    const answer = await refusal(emulator, await form({ WebIdentityToken: await token() }));
    expect(answer).toEqual({
      status: 400,
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('for an account without a provider', async () => {
    const answer = await refusal(emulator, await form({ RoleArn: 'arn:aws:iam::222222222222:role/target' }));
    const message = `No OpenIDConnect provider found in your account for ${emulator.url}/github`;
    expect(answer).toEqual({ status: 400, code: 'InvalidIdentityToken', message });
  });

  test('a provider taken out of the world is not found', async () => {
    const providers = { 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com': null };
    const own = await startEmulator({ world: { providers } });
    expect(await refusal(own, await form({}, own))).toMatchObject({ code: 'InvalidIdentityToken', status: 400 });
    await own.close();
  });

  test('a token of another emulator is a stranger’s', async () => {
    const other = await startEmulator();
    const WebIdentityToken = await other.idToken({ audience });
    await other.close();
    expect(await refusal(emulator, await form({ WebIdentityToken }))).toMatchObject({ code: 'InvalidIdentityToken' });
  });
});

describe('time', () => {
  test('sessions end, and tokens run out, by the emulator’s clock', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const options: EmulatorOptions = { now: () => now };
    const own = await startEmulator(options);
    const request = await form({ DurationSeconds: '1000' }, own);
    const answer = await post(own, request);
    expect(element(await answer.clone().text(), 'Expiration')).toBe('2030-01-01T00:16:40Z');
    const keys = await keysOf(Promise.resolve(answer));
    now += 301_000;
    expect(await refusal(own, request)).toMatchObject({ code: 'ExpiredTokenException' });
    const identity = () =>
      refusal(own, { Action: 'GetCallerIdentity' }, keys, {
        date: new Date(now).toISOString().replace(/[-:]|\.\d+/g, ''),
      });
    expect(await identity()).toMatchObject({ status: 200 });
    now += 700_000;
    expect(await identity()).toEqual({
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    });
    await own.close();
  });
});

test('a policy of the organization denies in the words of AWS', async () => {
  const trust = { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' } };
  const arn = 'arn:aws:iam::111111111111:role/denied';
  const policy =
    'resource control policy: arn:aws:organizations::123456789012:policy/o-abc/resource_control_policy/p-abc';
  const denying = await startEmulator({ world: { roles: { [arn]: { trust, deniedBy: policy } } } });
  try {
    expect(await refusal(denying, await form({ RoleArn: arn }, denying))).toEqual({
      status: 403,
      code: 'AccessDenied',
      message: `Not authorized to perform sts:AssumeRoleWithWebIdentity with an explicit deny in a ${policy}`,
    });
  } finally {
    await denying.close();
  }
});

test('tokens with the real issuer, for a role and for an audience that the provider does not have', async () => {
  const real = await startEmulator({ issuer: 'real' });
  try {
    const token = await real.idToken({ audience });
    expect(decodeJwt(token).iss).toBe('https://token.actions.githubusercontent.com');
    expect((await post(real, await form({ WebIdentityToken: token }, real))).status).toBe(200);
    const stranger = await real.idToken({ audience, signedByStranger: true });
    expect(await refusal(real, await form({ WebIdentityToken: stranger }, real))).toMatchObject({
      status: 400,
      code: 'InvalidIdentityToken',
    });
    const other = await real.idToken({ audience: 'other' });
    expect(await refusal(real, await form({ WebIdentityToken: other }, real))).toMatchObject({
      message: 'Incorrect token audience',
    });
  } finally {
    await real.close();
  }
});
