import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { readNetwork, withEndpoints } from '../../../src/inputs/network.ts';
import { withYaml } from '../../../src/inputs/yaml-inputs.ts';

type Texts = Readonly<Record<string, string>>;

/** Reads the network of a step with these inputs and this environment. */
async function read(given: Texts = {}, env: Texts = {}) {
  const masks: string[] = [];
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const reader = await withYaml(readInputs({ ...inputs, ...env }, (secret) => void masks.push(secret)));
  const decision = await readNetwork(reader, env);
  return { ...decision, masks };
}

const refusal = (code: string, message: string, hint = '') => ({
  code,
  message: expect.stringContaining(message),
  hint: expect.stringContaining(hint),
});

test('nothing given: twelve tries, the region’s own endpoints, no proxy, the product alone', async () => {
  expect(await read()).toEqual({
    network: {
      attempts: 12,
      endpoints: { sts: undefined, sso: undefined },
      variants: [],
      userAgent: [['aws-credential-step']],
      stsHeaders: [],
    },
    warnings: [],
    masks: [],
  });
});

describe('how often', () => {
  test.each<[Texts, number]>([
    [{ 'retry-max-attempts': '5' }, 5],
    [{ 'retry-max-attempts': '0' }, 1],
    [{ 'retry-max-attempts': '-3' }, 1],
    [{ 'disable-retry': 'true', 'retry-max-attempts': '5' }, 1],
    [{ 'disable-retry': 'false' }, 12],
  ])('%j: %i', async (given, attempts) => expect((await read(given)).network.attempts).toBe(attempts));

  test.each(['many', '1.5', '1e3'])('%s is refused', async (junk) => {
    await expect(read({ 'retry-max-attempts': junk })).rejects.toMatchObject(
      refusal('INPUT_INVALID', '"retry-max-attempts"'),
    );
    await expect(read({ 'disable-retry': 'true', 'retry-max-attempts': junk })).rejects.toMatchObject(
      refusal('INPUT_INVALID', '"retry-max-attempts"'),
    );
  });
});

describe('the proxy', () => {
  const cases: readonly (readonly [given: Texts, env: Texts, url: string, origin: string])[] = [
    [{ 'http-proxy': 'http://a:1' }, { HTTPS_PROXY: 'http://b:2' }, 'http://a:1/', '"http-proxy"'],
    [{}, { HTTPS_PROXY: 'http://b:2', HTTP_PROXY: 'http://c:3' }, 'http://b:2/', 'HTTPS_PROXY'],
    [{}, { https_proxy: 'http://d:4', HTTPS_PROXY: 'http://b:2' }, 'http://d:4/', 'https_proxy'],
    [{}, { HTTPS_PROXY: ' ', http_proxy: 'http://e:5', HTTP_PROXY: 'http://c:3' }, 'http://e:5/', 'http_proxy'],
    [{}, { HTTP_PROXY: 'http://c:3' }, 'http://c:3/', 'HTTP_PROXY'],
    [{ 'http-proxy': 'proxy.example.com:8080' }, {}, 'http://proxy.example.com:8080/', '"http-proxy"'],
    [{ 'http-proxy': 'https://p' }, {}, 'https://p/', '"http-proxy"'],
    [{ 'http-proxy': 'http://[fd00::1]:3128' }, {}, 'http://[fd00::1]:3128/', '"http-proxy"'],
  ];
  test.each(cases)('%j %j: %s', async (given, env, url, origin) => {
    expect((await read(given, env)).network.proxy).toEqual({ url, origin, bypass: '' });
  });

  test.each<[Texts, Texts, string]>([
    [{ 'no-proxy': 'a' }, { NO_PROXY: 'b', no_proxy: 'c' }, 'a'],
    [{}, { NO_PROXY: 'b', no_proxy: 'c' }, 'c'],
    [{}, { NO_PROXY: 'b, 10.0.0.0/99' }, 'b, 10.0.0.0/99'],
  ])('past it: %j %j', async (given, env, bypass) => {
    expect((await read({ 'http-proxy': 'http://a:1', ...given }, env)).network.proxy).toMatchObject({ bypass });
  });

  test.each<[string, readonly string[]]>([
    ['http://user:secret@a:1', ['secret']],
    ['http://user:p%40ss%3Aword@a:1', ['p%40ss%3Aword', 'p@ss:word']],
    ['http://token@a:1', ['token']],
    ['http://a:1', []],
  ])('%s: what is secret in it is masked', async (url, secrets) => {
    expect((await read({ 'http-proxy': url })).masks).toEqual(secrets);
    expect((await read({}, { HTTPS_PROXY: url })).masks).toEqual(secrets);
  });

  const junk = ['socks5://user:sesame@a:1', 'http://', 'user:sesame@', 'http://user:sesame%@a:1', 'http://a:99999'];
  test.each(junk)('%s is refused by name, and not repeated', async (url) => {
    const ours = await read({ 'http-proxy': url }).catch((error: unknown) => error);
    expect(ours).toMatchObject(refusal('INPUT_INVALID', 'Input "http-proxy"'));
    const theirs = await read({}, { HTTPS_PROXY: url }).catch((error: unknown) => error);
    expect(theirs).toMatchObject(refusal('INPUT_INVALID', 'HTTPS_PROXY is not'));
    expect(JSON.stringify([ours, theirs, String(ours), String(theirs)])).not.toContain('sesame');
  });

  test('an invalid rule is refused, with a proxy or without', async () => {
    await expect(read({ 'no-proxy': 'a.org 10.0.0.0/99' })).rejects.toMatchObject(
      refusal('INPUT_INVALID', '"no-proxy" holds "10.0.0.0/99"'),
    );
  });
});

describe('endpoints', () => {
  const env = { AWS_ENDPOINT_URL: 'https://all.test', AWS_ENDPOINT_URL_STS: 'https://sts.test' };
  const own = { AWS_ENDPOINT_URL_SSO: 'https://portal.test', AWS_ENDPOINT_URL_SSO_OIDC: 'https://oidc.test' };
  test.each<[Texts, Texts, string | undefined, string | undefined, string?]>([
    [{}, { ...env, ...own }, 'https://sts.test', 'https://portal.test', 'https://oidc.test'],
    [{}, env, 'https://sts.test', 'https://all.test'],
    [{ 'sts-endpoint': 'http://mine' }, env, 'http://mine', 'https://all.test'],
    [{}, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, undefined, undefined],
    [
      { 'sts-endpoint': 'http://mine' },
      { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'True' },
      'http://mine',
      undefined,
    ],
    [{}, { AWS_ENDPOINT_URL: 'junk', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, undefined, undefined],
  ])('%j %j', async (given, variables, sts, sso, ssoOidc = sso) => {
    expect((await read(given, variables)).network.endpoints).toMatchObject({ sts, sso, 'sso-oidc': ssoOidc });
  });

  test.each<[Texts, Texts, string]>([
    [{ 'sts-endpoint': 'sts.test' }, {}, '"sts-endpoint"'],
    [{}, { AWS_ENDPOINT_URL: 'ftp://x' }, 'AWS_ENDPOINT_URL'],
    [{}, { AWS_USE_FIPS_ENDPOINT: 'yes' }, 'AWS_USE_FIPS_ENDPOINT'],
    [{}, { AWS_USE_DUALSTACK_ENDPOINT: '1' }, 'AWS_USE_DUALSTACK_ENDPOINT'],
    [{}, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'maybe' }, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
  ])('%j %j is refused by name', async (given, variables, named) => {
    await expect(read(given, variables)).rejects.toMatchObject(refusal('INPUT_INVALID', named));
  });

  test.each<[Texts, readonly string[]]>([
    [{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'false' }, ['fips']],
    [{ AWS_USE_FIPS_ENDPOINT: '', AWS_USE_DUALSTACK_ENDPOINT: 'TRUE' }, ['dualstack']],
    [{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' }, ['fips', 'dualstack']],
  ])('%j', async (variables, variants) => {
    expect((await read({}, variables)).network.variants).toEqual(variants);
  });

  test('one given by its URL cannot be made another', async () => {
    await expect(read({ 'sts-endpoint': 'http://mine' }, { AWS_USE_FIPS_ENDPOINT: 'true' })).rejects.toMatchObject(
      refusal('INPUT_CONFLICT', 'AWS_USE_FIPS_ENDPOINT', '"sts-endpoint"'),
    );
  });
});

test.each([
  ['', undefined],
  ['/etc/roots.pem', '/etc/roots.pem'],
])('AWS_CA_BUNDLE %j', async (value, file) => {
  expect((await read({}, { AWS_CA_BUNDLE: value })).network.certificates).toBe(file);
});

describe('sts-headers', () => {
  test.each<[string, readonly (readonly [string, string])[]]>([
    [
      '{"x-amz-source-account": "012345678901", "X-Amz-Source-Arn": "arn:aws:s3:::b"}',
      [
        ['x-amz-source-account', '012345678901'],
        ['x-amz-source-arn', 'arn:aws:s3:::b'],
      ],
    ],
    [
      'x-amz-source-account: 012345678901\nx-one: two words # why',
      [
        ['x-amz-source-account', '012345678901'],
        ['x-one', 'two words'],
      ],
    ],
    ['{"x-a": 012345678901}', [['x-a', '012345678901']]],
    ['{}', []],
  ])('%j', async (text, headers) => expect((await read({ 'sts-headers': text })).network.stsHeaders).toEqual(headers));

  const junk: readonly (readonly [string, string])[] = [
    ['Authorization: x', 'signing sets itself'],
    ['host: x', 'signing sets itself'],
    ['X-Amz-Date: x', 'signing sets itself'],
    ['x-amz-security-token: x', 'signing sets itself'],
    ['x-amz-content-sha256: x', 'signing sets itself'],
    ['content-length: 5', 'signing sets itself'],
    ['Content-Type: x', 'signing sets itself'],
    ['user-agent: x', 'cannot cover'],
    ['proxy-authorization: x', 'cannot cover'],
    ['transfer-encoding: chunked', 'cannot cover'],
    ['x y: z', 'no header can have'],
    ['"x:y": z', 'no header can have'],
    ['{"x-a": "one\\r\\nx-b: two"}', 'no header can have'],
    ['x-a: é', 'no header can have'],
    ['x-a: ""', 'no header can have'],
    ['{"x-a": ["b"]}', 'no header can have'],
    ['{"x-a": "1", "X-A": "2"}', 'twice'],
    ['just text', 'not a map'],
    ['[1]', 'not a map'],
    ['{"x-a": "b"', 'not valid YAML'],
    ['x-a: &b c\nx-d: *b', 'alias'],
  ];
  test.each(junk)('%j is refused', async (text, problem) => {
    await expect(read({ 'sts-headers': text })).rejects.toMatchObject(refusal('INPUT_INVALID', problem, 'Write '));
    await expect(read({ 'sts-headers': text })).rejects.toMatchObject(refusal('INPUT_INVALID', '"sts-headers"'));
  });

  test('whatever is written, what comes through is a header that Node would send', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string()), async (map) => {
        const { network } = await read({ 'sts-headers': JSON.stringify(map) }).catch(() => ({
          network: { stsHeaders: [] },
        }));
        for (const [name, value] of network.stsHeaders ?? []) {
          expect(() => new Headers([[name, value]])).not.toThrow();
          expect(value).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });
});

describe('the user agent', () => {
  test('names the action, the run and the attempt', async () => {
    const env = { GITHUB_ACTION: '__self', GITHUB_RUN_ID: '1658821493', GITHUB_RUN_ATTEMPT: '2' };
    const { network, warnings } = await read({}, env);
    expect(network.userAgent).toEqual([
      ['aws-credential-step'],
      ['md/action', '__self'],
      ['md/run_id', '1658821493'],
      ['md/attempt', '2'],
    ]);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['GITHUB_ACTION', 'a b'],
    ['GITHUB_ACTION', 'x'.repeat(129)],
    ['GITHUB_RUN_ID', '12a'],
    ['GITHUB_RUN_ID', '1'.repeat(21)],
    ['GITHUB_RUN_ATTEMPT', '1\r\nx: y'],
    ['GITHUB_RUN_ATTEMPT', '1'.repeat(11)],
  ])('%s %j is left out with a warning', async (name, value) => {
    const { network, warnings } = await read({}, { [name]: value });
    expect(network.userAgent).toEqual([['aws-credential-step']]);
    expect(warnings).toEqual([expect.stringContaining(name)]);
    expect(warnings.join()).not.toContain(value);
  });
});

describe('the endpoints that a profile brings along', () => {
  const brought = { sts: 'http://sts.of.the.profile', sso: 'http://sso.of.the.profile' };
  test.each<[string, Texts, Texts, Texts]>([
    ['stand in where nothing else is said', {}, {}, brought],
    [
      'give way to a variable for one service',
      {},
      { AWS_ENDPOINT_URL_STS: 'http://v' },
      { ...brought, sts: 'http://v' },
    ],
    ['give way to a variable for all', {}, { AWS_ENDPOINT_URL: 'http://v' }, { sts: 'http://v', sso: 'http://v' }],
    ['give way to the input', { 'sts-endpoint': 'http://i' }, {}, { ...brought, sts: 'http://i' }],
    ['are ignored where all that are configured are', {}, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, {}],
  ])('%s', async (_name, given, env, endpoints) => {
    const { network } = await read(given, env);
    expect(withEndpoints(network, brought, env).endpoints).toMatchObject(endpoints);
    if (Object.keys(endpoints).length === 0) expect(withEndpoints(network, brought, env)).toEqual(network);
  });

  test('cannot be made another of the region’s', async () => {
    const env = { AWS_USE_FIPS_ENDPOINT: 'true' };
    const { network } = await read({}, env);
    expect(() => withEndpoints(network, brought, env)).toThrow('AWS_USE_FIPS_ENDPOINT is true, and an endpoint');
    expect(withEndpoints(network, {}, env)).toEqual(network);
  });
});
