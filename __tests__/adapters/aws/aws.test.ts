import { afterEach, describe, expect, test } from '@jest/globals';
import type { Assumption, Network } from '../../../src/contract/ports.ts';
import { connect, isDone, nock, openConnections } from '../../support/nock.ts';

const sts = 'https://sts.us-east-1.amazonaws.com';
const portal = 'https://portal.sso.eu-west-1.amazonaws.com';
const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const assumption: Assumption = {
  hop: { role: roleArn, label: 'hop 2 of 3', sessionName: 'GitHubActions', durationSeconds: 3600, externalId: 'ext' },
  roleArn,
  region: 'us-east-1',
};
const signer = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'signing-secret' };
const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
};
const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const ssoRequest = { region: 'eu-west-1', accessToken: 'sso-token', accountId: '111111111111', roleName: 'ReadOnly' };

const answer = (operation: string, result: string): string =>
  `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}</${operation}Result></${operation}Response>`;
const session = `<Credentials><AccessKeyId>ASIANEW</AccessKeyId><SecretAccessKey>new-secret</SecretAccessKey><SessionToken>new-token</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>`;
const user =
  '<AssumedRoleUser><Arn>arn:aws:sts::111111111111:assumed-role/deploy/GitHubActions</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>';
const failure = (code: string, message: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

const bodies: string[] = [];
const wire = (attempts = 1, settings: Partial<Network> = {}) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const network: Network = { attempts, endpoints: { sts: undefined, sso: undefined }, ...settings };
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask: (secret) => void masks.push(secret),
  });
  return { aws, masks, lines };
};
/** Answers every POST to STS with the same, and keeps the bodies. */
const answerAll = (status: number, body: string): void => {
  nock(sts)
    .persist()
    .post('/', (sent) => bodies.push(new URLSearchParams(sent).toString()) > 0)
    .reply(status, body, { 'content-type': 'text/xml' });
};

afterEach(() => {
  bodies.length = 0;
});

describe('what is sent, and what comes back', () => {
  test('AssumeRoleWithWebIdentity', async () => {
    answerAll(200, answer('AssumeRoleWithWebIdentity', session + user));
    const { aws, masks } = wire();
    expect(await aws.assumeRoleWithWebIdentity(assumption, token)).toEqual({
      credentials: {
        accessKeyId: 'ASIANEW',
        secretAccessKey: 'new-secret',
        sessionToken: 'new-token',
        expiration: new Date('2026-01-01T01:00:00Z'),
      },
      identity: { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/deploy/GitHubActions' },
    });
    expect(masks).toEqual(['ASIANEW', 'new-secret', 'new-token']);
    expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: 'GitHubActions',
      DurationSeconds: '3600',
      WebIdentityToken: token,
    });
  });

  test('AssumeRole, signed with the keys it is given', async () => {
    nock(sts)
      .matchHeader('authorization', /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/sts\/aws4_request/)
      .post('/', (sent) => bodies.push(new URLSearchParams(sent).toString()) > 0)
      .reply(200, answer('AssumeRole', session + user), { 'content-type': 'text/xml' });
    expect((await wire().aws.assumeRole(assumption, signer)).credentials.accessKeyId).toBe('ASIANEW');
    expect(new URLSearchParams(bodies[0]).get('ExternalId')).toBe('ext');
  });

  test('GetCallerIdentity', async () => {
    answerAll(
      200,
      answer(
        'GetCallerIdentity',
        '<Arn>arn:aws:iam::111111111111:user/u</Arn><UserId>A</UserId><Account>111111111111</Account>',
      ),
    );
    expect(await wire().aws.getCallerIdentity('us-east-1', signer)).toEqual({
      account: '111111111111',
      arn: 'arn:aws:iam::111111111111:user/u',
    });
  });

  test('GetRoleCredentials: the token in its header, the expiration in milliseconds', async () => {
    nock(portal, { reqheaders: { 'x-amz-sso_bearer_token': 'sso-token' } })
      .get('/federation/credentials')
      .query({ account_id: '111111111111', role_name: 'ReadOnly' })
      .reply(200, {
        roleCredentials: {
          accessKeyId: 'ASIASSO',
          secretAccessKey: 'sso-secret',
          sessionToken: 'sso-session',
          expiration: 1767229200000,
        },
      });
    const { aws, masks } = wire();
    expect(await aws.getRoleCredentials(ssoRequest)).toEqual({
      accessKeyId: 'ASIASSO',
      secretAccessKey: 'sso-secret',
      sessionToken: 'sso-session',
      expiration: new Date('2026-01-01T01:00:00Z'),
    });
    expect(masks).toEqual(['ASIASSO', 'sso-secret', 'sso-session']);
  });

  test('an endpoint of its own is used as it is', async () => {
    nock('http://sts.internal:8080')
      .post('/base/')
      .reply(200, answer('GetCallerIdentity', '<Arn>arn:aws:iam::1:user/u</Arn><Account>1</Account>'));
    const { aws } = wire(1, { endpoints: { sts: 'http://sts.internal:8080/base', sso: undefined } });
    expect(await aws.getCallerIdentity('us-east-1', signer)).toEqual({ account: '1', arn: 'arn:aws:iam::1:user/u' });
  });
});

describe('what STS refuses, as the user reads it', () => {
  const cases: readonly (readonly [code: string, status: number, message: string, ours: string, hint: string])[] = [
    [
      'AccessDenied',
      403,
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      'ACCESS_DENIED',
      '"token.actions.githubusercontent.com:sub":"repo:octo-org/octo-repo:ref:refs/heads/main"',
    ],
    ['InvalidIdentityToken', 400, 'Incorrect token audience', 'ACCESS_DENIED', 'client id "sts.amazonaws.com"'],
    [
      'InvalidIdentityToken',
      400,
      'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      'ACCESS_DENIED',
      'Create the OpenID Connect identity provider https://token.actions',
    ],
    [
      'InvalidIdentityToken',
      400,
      "Couldn't retrieve verification key from your identity provider",
      'SERVICE_UNAVAILABLE',
      'again',
    ],
    ['IDPCommunicationError', 400, 'Error communicating with the identity provider', 'SERVICE_UNAVAILABLE', 'again'],
    ['ExpiredTokenException', 400, 'Token expired', 'TOKEN_EXPIRED', 'fresh one'],
    ['IDPRejectedClaim', 403, 'The identity provider rejected the claim', 'ACCESS_DENIED', 'trust policy'],
    ['RegionDisabledException', 403, 'STS is not activated in this region', 'ACCESS_DENIED', 'aws-region'],
    ['PackedPolicyTooLarge', 400, 'Packed size is 112%', 'INPUT_INVALID', 'session policy'],
    ['MalformedPolicyDocument', 400, 'bad', 'INPUT_INVALID', 'session policy'],
    [
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'INPUT_INVALID',
      'role-duration-seconds',
    ],
    ['ValidationError', 400, '1 validation error detected', 'ROLE_INVALID', 'Check the role'],
    ['Throttling', 400, 'Rate exceeded', 'SERVICE_UNAVAILABLE', 'again'],
    ['InternalFailure', 500, 'oops', 'SERVICE_UNAVAILABLE', 'again'],
    ['ServiceUnavailable', 503, 'busy', 'SERVICE_UNAVAILABLE', 'again'],
  ];
  test.each(cases)('%s %i %s: %s', async (code, status, message, ours, hint) => {
    answerAll(status, failure(code, message));
    await expect(wire().aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: ours,
      message: expect.stringMatching(/^Hop 2 of 3 \(arn:aws:iam::111111111111:role\/deploy\) /),
      hint: expect.stringContaining(hint),
    });
    expect(bodies).toHaveLength(1);
  });

  const signed: readonly (readonly [code: string, status: number, message: string, ours: string, hint: string])[] = [
    [
      'AccessDenied',
      403,
      `User: arn:aws:sts::222222222222:assumed-role/base/x is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      'ACCESS_DENIED',
      '"Principal":{"AWS":"arn:aws:iam::222222222222:role/base"}',
    ],
    [
      'AccessDenied',
      403,
      `User: arn:aws:iam::222222222222:user/u is not authorized to perform: sts:TagSession on resource: ${roleArn}`,
      'ACCESS_DENIED',
      'Allow sts:TagSession',
    ],
    [
      'InvalidClientTokenId',
      403,
      'The security token included in the request is invalid.',
      'ACCESS_DENIED',
      'access key id and secret',
    ],
    [
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match',
      'ACCESS_DENIED',
      'access key id and secret',
    ],
    ['ExpiredToken', 403, 'The security token included in the request is expired', 'TOKEN_EXPIRED', 'new credentials'],
  ];
  test.each(signed)('signed: %s %i %s: %s', async (code, status, message, ours, hint) => {
    answerAll(status, failure(code, message));
    await expect(wire().aws.assumeRole(assumption, signer)).rejects.toMatchObject({
      code: ours,
      hint: expect.stringContaining(hint),
    });
  });

  test.each([
    [401, 'UnauthorizedException', 'Session token not found or invalid', 'TOKEN_EXPIRED', 'aws sso login'],
    [403, 'ForbiddenException', 'No access', 'ACCESS_DENIED', 'permission set ReadOnly in account 111111111111'],
    [404, 'ResourceNotFoundException', 'gone', 'ACCESS_DENIED', 'sso-account-id'],
    [429, 'TooManyRequestsException', 'slow down', 'SERVICE_UNAVAILABLE', 'again'],
    [400, 'InvalidRequestException', 'bad', 'INPUT_INVALID', 'sso-'],
    [500, 'Oops', 'oops', 'SERVICE_UNAVAILABLE', 'again'],
  ])('the portal: %i %s', async (status, code, message, ours, hint) => {
    nock(portal).get('/federation/credentials').query(true).reply(status, { message }, { 'x-amzn-errortype': code });
    await expect(wire().aws.getRoleCredentials(ssoRequest)).rejects.toMatchObject({
      code: ours,
      hint: expect.stringContaining(hint),
    });
  });
});

describe('what goes with every request to STS', () => {
  const sent = async (settings: Partial<Network>, region = 'us-east-1') => {
    const headers = new Map<string, string>();
    const scope = nock(/./).post('/');
    for (const name of ['host', 'user-agent', 'authorization', 'x-amz-source-account']) {
      scope.matchHeader(name, (value) => {
        headers.set(name, String(value));
        return true;
      });
    }
    scope.reply(200, answer('GetCallerIdentity', '<Arn>arn:aws:iam::1:user/u</Arn><Account>1</Account>'));
    await wire(1, settings).aws.getCallerIdentity(region, signer);
    return headers;
  };

  test('sts-headers, under the signature', async () => {
    const headers = await sent({ stsHeaders: [['x-amz-source-account', '111122223333']] });
    expect(headers.get('x-amz-source-account')).toBe('111122223333');
    expect(headers.get('authorization')).toMatch(/SignedHeaders=[a-z0-9;-]*;x-amz-source-account[;,]/);
  });

  test('the user agent says who asks', async () => {
    const userAgent = [
      ['aws-credential-step'],
      ['md/action', '__self'],
      ['md/run_id', '16'],
      ['md/attempt', '2'],
    ] as const;
    expect((await sent({ userAgent })).get('user-agent')).toBe(
      'aws-credential-step md/action#__self md/run_id#16 md/attempt#2',
    );
  });

  test.each([
    ['us-east-1', [], 'sts.us-east-1.amazonaws.com'],
    ['us-east-1', ['fips'], 'sts-fips.us-east-1.amazonaws.com'],
    ['eu-west-1', ['dualstack'], 'sts.eu-west-1.api.aws'],
    ['us-gov-west-1', ['fips'], 'sts.us-gov-west-1.amazonaws.com'],
    ['us-gov-west-1', [], 'sts.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', [], 'sts.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', [], 'sts.eusc-de-east-1.amazonaws.eu'],
    ['us-iso-east-1', [], 'sts.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', [], 'sts.us-isob-east-1.sc2s.sgov.gov'],
    ['eu-isoe-west-1', [], 'sts.eu-isoe-west-1.cloud.adc-e.uk'],
    ['us-isof-south-1', [], 'sts.us-isof-south-1.csp.hci.ic.gov'],
  ] as const)('%s %j: %s', async (region, variants, host) => {
    expect((await sent({ variants }, region)).get('host')).toBe(host);
  });
});

describe('an endpoint that is given is asked at its own host and path', () => {
  const caller = answer('GetCallerIdentity', '<Arn>arn:aws:iam::1:user/u</Arn><Account>1</Account>');
  const roles = JSON.stringify({ roleList: [{ roleName: 'r' }] });

  test.each([
    ['a path', '/base', '/base'],
    ['a path with a slash at its end', '/base/', '/base/'],
    ['a path that looks like another host', '//elsewhere/x', '//elsewhere/x'],
    ['nothing but slashes', '//', '//'],
  ])('%s', async (_, path, prefix) => {
    nock('https://aws.internal:8443')
      .post(new RegExp(`^${prefix}/?$`))
      .reply(200, caller);
    nock('https://aws.internal:8443')
      .get(new RegExp(`^${prefix}/assignment/roles[?]`))
      .reply(200, roles);
    const endpoint = `https://aws.internal:8443${path}`;
    const { aws } = wire(1, { endpoints: { sts: endpoint, sso: endpoint } });
    expect(await aws.getCallerIdentity('us-east-1', signer)).toMatchObject({ account: '1' });
    const request = { region: 'us-east-1', accessToken: 'sso-token', accountId: '111111111111' };
    expect(await aws.listAccountRoles(request)).toEqual({ items: ['r'] });
  });

  test('and a user and a password in it are not sent, as by the SDK', async () => {
    nock('https://aws.internal', { badheaders: ['authorization'] })
      .post('/')
      .reply(200, answer('AssumeRoleWithWebIdentity', session + user));
    const { aws } = wire(1, { endpoints: { sts: 'https://user:password@aws.internal' } });
    await expect(aws.assumeRoleWithWebIdentity(assumption, token)).resolves.toMatchObject({
      credentials: { accessKeyId: 'ASIANEW' },
    });
  });
});

describe('where the clock of this machine is wrong', () => {
  const dates: string[] = [];
  afterEach(() => {
    dates.length = 0;
  });
  const stsClock = (offset: number) => new Date(Date.now() + offset).toUTCString();
  /** Answers every request alike, with the time that STS has. */
  const answerAt = (offset: number, status: number, body: string) =>
    nock(sts)
      .matchHeader('x-amz-date', (date) => dates.push(String(date)) > 0)
      .post('/')
      .reply(status, body, { 'content-type': 'text/xml', date: stsClock(offset) });
  const expired = failure('SignatureDoesNotMatch', 'Signature expired: it is now earlier than it should be');
  const caller = answer('GetCallerIdentity', '<Arn>arn:aws:iam::1:user/u</Arn><Account>1</Account>');
  const anHour = 3_600_000;
  /** Milliseconds between now and what a request says it is. */
  const said = (date = '') => Date.parse(date.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) - Date.now();

  test.each([anHour, -anHour])(
    'by %i ms: a signature is made again by the time of AWS, and later ones at once',
    async (off) => {
      answerAt(off, 403, expired);
      answerAt(off, 200, caller);
      answerAt(off, 200, caller);
      const { aws, lines } = wire(3);
      const identity = { account: '1', arn: 'arn:aws:iam::1:user/u' };
      expect(await aws.getCallerIdentity('us-east-1', signer)).toEqual(identity);
      expect(await aws.getCallerIdentity('us-east-1', signer)).toEqual(identity);
      const [first, ...later] = dates.map((date) => Math.round(said(date) / 60_000));
      expect(first).toBeCloseTo(0);
      expect(later).toEqual([off / 60_000, off / 60_000]);
      expect(lines).toEqual([expect.stringContaining("this machine's clock is wrong")]);
    },
  );

  test('a signature that is refused for its own sake is not made again', async () => {
    answerAt(1000, 403, expired);
    const { aws } = wire(3);
    await expect(aws.getCallerIdentity('us-east-1', signer)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(dates).toHaveLength(1);
  });

  test('the time that comes with a 5xx is not taken, for it may be of anybody on the way', async () => {
    answerAt(anHour, 503, failure('ServiceUnavailable', 'busy'));
    answerAt(0, 200, caller);
    const { aws } = wire(3);
    await aws.getCallerIdentity('us-east-1', signer);
    expect(dates.map((date) => Math.round(said(date) / 60_000) + 0)).toEqual([0, 0]);
  });

  test('nor is one that the time of AWS does not help', async () => {
    answerAt(anHour, 403, expired);
    answerAt(anHour, 403, expired);
    const { aws } = wire(3);
    await expect(aws.getCallerIdentity('us-east-1', signer)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(dates).toHaveLength(2);
  });
});

describe('answers that are none', () => {
  test.each([
    ['a web page', '<html><body>proxy</body></html>', 'text/html'],
    ['an empty body', '', 'text/xml'],
    ['no credentials', answer('AssumeRoleWithWebIdentity', user), 'text/xml'],
    ['no user', answer('AssumeRoleWithWebIdentity', session), 'text/xml'],
    ['JSON', '{"ok":true}', 'application/json'],
    ['half an answer', answer('AssumeRoleWithWebIdentity', session).slice(0, 200), 'text/xml'],
    [
      'a key of two lines',
      answer('AssumeRoleWithWebIdentity', session.replace('new-secret', 'new\nsecret') + user),
      'text/xml',
    ],
    ['more than 1 MiB', answer('AssumeRoleWithWebIdentity', session + user + ' '.repeat(1_048_576)), 'text/xml'],
  ])('%s: PROTOCOL_ERROR, after one request', async (_name, body, contentType) => {
    const scope = nock(sts).post('/').reply(200, body, { 'content-type': contentType });
    await expect(wire(3).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: expect.stringMatching(/^Hop 2 of 3 (?![\s\S]*raw response)/),
    });
    expect(scope.isDone()).toBe(true);
  });

  test.each([
    [403, '<html><body>blocked by policy</body></html>', 'text/html'],
    [403, '', 'text/plain'],
    [404, '<html>no such page', 'text/html'],
    [404, '{"message":"no route"}', 'application/json'],
    [404, '<Error><Code>NoSuchBucket</Code><Message>no bucket</Message></Error>', 'application/xml'],
    [400, 'bad request', 'text/plain'],
    [400, '<ErrorResponse><Error/></ErrorResponse>', 'text/xml'],
    [400, '<ErrorResponse><Error>hello</Error></ErrorResponse>', 'text/xml'],
    [400, '<ErrorResponse><Error><Code><a/></Code></Error></ErrorResponse>', 'text/xml'],
    [400, '<ErrorResponse><Error><Code>A</Code><Code>B</Code><Message>m</Message></Error></ErrorResponse>', 'text/xml'],
    [302, '', 'text/plain'],
  ])('HTTP %i with %j: PROTOCOL_ERROR, after one request', async (status, body, contentType) => {
    const scope = nock(sts).post('/').reply(status, body, { 'content-type': contentType });
    await expect(wire(3).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: `Hop 2 of 3 (${roleArn}) got an answer that is not of AWS: HTTP ${status} without an error code of AWS`,
      hint: expect.stringContaining('a proxy or a wrong URL'),
    });
    expect(scope.isDone()).toBe(true);
  });

  test.each([403, 404])('the portal: HTTP %i with a web page: PROTOCOL_ERROR', async (status) => {
    nock(portal).get('/federation/credentials').query(true).reply(status, '<html>sign in</html>');
    await expect(wire().aws.getRoleCredentials(ssoRequest)).rejects.toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: expect.stringMatching(new RegExp(`: HTTP ${status} without an error code of AWS$`)),
    });
  });

  test.each([
    ['words that are no text', '<Message><b>m</b></Message>', 'Odd'],
    ['the name of what every object has', '<Message>m</Message>', 'constructor: m'],
    ['another of these', '<Message>m</Message>', '__proto__: m'],
  ])('an error with %s is told like any other', async (_name, message, words) => {
    const code = `<Code>${words.replace(/:.*/, '')}</Code>`;
    answerAll(400, `<ErrorResponse><Error>${code}${message}</Error></ErrorResponse>`);
    await expect(wire().aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'ROLE_INVALID',
      message: `Hop 2 of 3 (${roleArn}) was refused: ${words}`,
    });
  });

  test('the portal: an error whose words are no text is told by its name', async () => {
    nock(portal).get('/federation/credentials').query(true).reply(400, { __type: 'X#Odd', message: {} });
    await expect(wire().aws.getRoleCredentials(ssoRequest)).rejects.toMatchObject({
      code: 'ROLE_INVALID',
      message: expect.stringMatching(/ was refused: Odd$/),
    });
  });

  test('a proxy that has no gateway: it passes, and the status is told', async () => {
    answerAll(502, '<html>Bad Gateway');
    await expect(wire().aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(/ got no answer: HTTP 502 without an error code of AWS$/),
    });
  });
});

describe('what is tried again', () => {
  test('a refusal three times', async () => {
    answerAll(403, failure('AccessDenied', 'Not authorized'));
    await expect(wire(12).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(bodies).toHaveLength(3);
  });

  test.each([
    ['ValidationError', 400],
    ['InvalidClientTokenId', 403],
    ['ExpiredTokenException', 400],
  ])('%s never', async (code, status) => {
    answerAll(status, failure(code, 'no'));
    await expect(wire(12).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({});
    expect(bodies).toHaveLength(1);
  });

  test.each([
    ['a 503', () => nock(sts).post('/').reply(503, failure('ServiceUnavailable', 'busy'))],
    ['throttling', () => nock(sts).post('/').reply(400, failure('Throttling', 'Rate exceeded'))],
    [
      'a reset',
      () =>
        nock(sts)
          .post('/')
          .replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })),
    ],
    [
      'a missing key',
      () =>
        nock(sts)
          .post('/')
          .reply(
            400,
            failure('InvalidIdentityToken', "Couldn't retrieve verification key from your identity provider"),
          ),
    ],
  ])('%s, until it passes', async (_name, trouble) => {
    trouble();
    trouble();
    nock(sts)
      .post('/')
      .reply(200, answer('AssumeRoleWithWebIdentity', session + user), { 'content-type': 'text/xml' });
    const { aws } = wire(12);
    expect((await aws.assumeRoleWithWebIdentity(assumption, token)).credentials.accessKeyId).toBe('ASIANEW');
    expect(isDone()).toBe(true);
  });

  test('each further try is a line in the log, with what failed and how long it waits', async () => {
    answerAll(503, failure('ServiceUnavailable', 'busy'));
    const { aws, lines } = wire(3);
    await expect(aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({});
    const name = `Hop 2 of 3 \\(${roleArn}\\)`;
    expect(lines).toEqual(
      [2, 3].map((count) =>
        expect.stringMatching(
          new RegExp(`^${name} failed \\(ServiceUnavailable, HTTP 503\\); try ${count} follows in \\d\\.\\d s$`),
        ),
      ),
    );
    expect(bodies).toHaveLength(3);
  });

  test('a certificate that is not trusted never, and the hint says what to trust', async () => {
    const trouble = Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    nock(sts).post('/').replyWithError(trouble);
    await expect(wire(12).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('AWS_CA_BUNDLE'),
    });
  });

  test('nobody at the address: SERVICE_UNAVAILABLE that names what to check', async () => {
    nock(sts)
      .post('/')
      .times(3)
      .replyWithError(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    await expect(wire(12).aws.assumeRoleWithWebIdentity(assumption, token)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('aws-region'),
    });
    expect(isDone()).toBe(true);
  });
});
