import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describePlan } from '../../../src/plan/plan.ts';
import { retrieve, type Source } from '../../../src/sources/index.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { arns, planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

const RELATIVE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const FULL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const FILE = 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE';
const TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN';
const source = { source: 'container' };

describe('selection', () => {
  const cases: readonly (readonly [string, Texts, Source])[] = [
    [
      'a path is one at the agent of ECS',
      { [RELATIVE]: '/v2/credentials/x?a=1' },
      { kind: 'container', url: 'http://169.254.170.2/v2/credentials/x?a=1', origin: RELATIVE },
    ],
    [
      'a path that looks like a host stays a path',
      { [RELATIVE]: '//evil.example/x' },
      { kind: 'container', url: 'http://169.254.170.2//evil.example/x', origin: RELATIVE },
    ],
    [
      'the path comes before the whole address',
      { [RELATIVE]: '/x', [FULL]: 'http://localhost:8080/y' },
      { kind: 'container', url: 'http://169.254.170.2/x', origin: RELATIVE },
    ],
    [
      'an empty path is none',
      { [RELATIVE]: '', [FULL]: 'http://localhost:8080/y', [FILE]: '', [TOKEN]: '' },
      { kind: 'container', url: 'http://localhost:8080/y', origin: FULL },
    ],
    [
      'a token file comes before a token',
      { [FULL]: 'http://localhost/y', [FILE]: '/token', [TOKEN]: 't' },
      { kind: 'container', url: 'http://localhost/y', origin: FULL, token: FILE },
    ],
    [
      'a token; what it is does not stand in the plan',
      { [FULL]: 'http://localhost/y', [TOKEN]: 'the-token' },
      { kind: 'container', url: 'http://localhost/y', origin: FULL, token: TOKEN },
    ],
  ];
  test.each(cases)('%s', async (_name, env, wanted) => {
    expect((await planFrom({ with: source, env })).plan.trunk.source).toEqual(wanted);
    expect(await planFrom({ env })).toMatchObject({
      because: expect.stringContaining('is set'),
      plan: { trunk: { source: wanted } },
    });
  });

  test.each<Texts>([{}, { [RELATIVE]: '', [FULL]: '' }, { [TOKEN]: 't' }])('%j: nothing to offer', async (env) => {
    await expect(planFrom({ with: source, env })).rejects.toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(new RegExp(`neither ${RELATIVE} nor ${FULL} is set`)),
    });
  });

  test('roles follow, and the log shows no path', async () => {
    const env = { [RELATIVE]: '/v2/credentials/id-that-nobody-may-see' };
    const { plan } = await planFrom({ with: { 'role-to-assume': arns.target }, env });
    expect(plan.trunk.hops.map(({ role }) => role)).toEqual([arns.target]);
    expect(describePlan(plan)).toBe('container (169.254.170.2) → 222222222222/target');
  });

  test.each([
    ['http://169.254.170.23/v1/credentials', 'INPUT_INVALID'],
    ['http://127.0.0.1/credentials', undefined],
  ])('a role for two hours after %s: %s', async (url, code) => {
    const given = { with: { 'role-to-assume': arns.target, 'role-duration-seconds': '2h' }, env: { [FULL]: url } };
    // The agents of AWS hand out sessions of a role, after which AWS allows an hour; of others nobody knows.
    expect(
      await planFrom(given).then(
        () => undefined,
        (error) => error.code,
      ),
    ).toBe(code);
  });
});

describe('the hosts that may be asked', () => {
  test.each([
    'http://localhost/x',
    'http://LOCALHOST:8080/x',
    'http://127.0.0.1/x',
    'http://127.0.0.2:8080/x?y=z%20z',
    'http://127.255.255.255/x',
    'http://0x7f.1/x',
    'http://[::1]/x',
    'http://[0:0:0:0:0:0:0:1]:8080/x',
    'http://169.254.170.2/x',
    'http://169.254.170.23/v1/credentials',
    'http://[fd00:ec2::23]/v1/credentials',
    'https://awscredentials.amazonaws.com/x',
    'https://192.168.1.1:8443/x',
  ])('%s', async (url) => {
    expect((await planFrom({ with: source, env: { [FULL]: url } })).plan.trunk.source).toMatchObject({
      url: new URL(url).href,
    });
  });

  test.each([
    'http://192.168.1.1/x',
    'http://169.254.170.3/x',
    'http://169.254.169.254/x',
    'http://[fd00:ec2::24]/x',
    'http://[::ffff:169.254.170.3]/x',
    'http://128.0.0.1/x',
    'http://127.0.0.1.evil.example/x',
    'http://127.evil.example/x',
    'http://localhost.evil.example/x',
    'http://evil.example/127.0.0.1',
    'http://evil.example#@127.0.0.1/x',
    'http://127.0.0.1@evil.example/x',
    'http://user:tell-nobody@127.0.0.1/x',
    'https://user@credentials.example/x',
    'ftp://127.0.0.1/x',
    'file:///etc/passwd',
    '/credentials',
    '127.0.0.1/x',
    'http:///x y',
    'http://',
    'nonsense',
  ])('%s is refused, and the variable named', async (url) => {
    await expect(planFrom({ with: source, env: { [FULL]: url } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(new RegExp(`^${FULL} (?!.*tell-nobody)`)),
    });
  });

  test.each(['v2/credentials', '@evil.example/x', ':80@evil.example/', '/x y', '/x\ny', 'http://evil.example/x'])(
    'the path %j is refused, and the variable named',
    async (path) => {
      await expect(planFrom({ with: source, env: { [RELATIVE]: path } })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining(RELATIVE),
      });
    },
  );

  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/;
  const pieces = [
    'http://',
    'https://',
    '127.0.0.1',
    'localhost',
    '169.254.170.2',
    '[::1]',
    '@',
    '#',
    '/',
    '\\',
    '.',
    ':',
    '?',
    '%',
    'evil.example',
    '\t',
    'x',
  ];
  const address = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));

  test('whatever stands there, what is asked by http is this machine', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(RELATIVE, FULL),
        fc.oneof(address, fc.webUrl(), fc.string()),
        async (name, text) => {
          fc.pre(text !== '');
          const found = await planFrom({ with: source, env: { [name]: text } }).then(
            ({ plan }) => plan.trunk.source,
            (error) => error.code,
          );
          if (found === 'INPUT_INVALID') return true;
          const url = new URL(found.url);
          return url.protocol === 'https:' || (url.protocol === 'http:' && local.test(url.hostname));
        },
      ),
    );
  });
});

describe('retrieval', () => {
  const base: Source = { kind: 'container', url: 'http://localhost/x', origin: FULL };
  const from = (token: typeof FILE | typeof TOKEN | undefined, env: Texts, files: Texts = {}) => {
    const job = memoryJob();
    const aws = memoryAws();
    const host = memoryHost(job, { env, files });
    const of: Source = token === undefined ? base : { ...base, token };
    return { job, aws, host, retrieved: retrieve(of, { aws, host }) };
  };
  const request = { url: 'http://localhost/x', origin: FULL };

  test('without a token', async () => {
    const { aws, retrieved } = from(undefined, {});
    expect(await retrieved).toEqual({ credentials: keysOf('container') });
    expect(aws.calls).toEqual([{ call: 'ContainerCredentials', request }]);
  });

  test.each<[string, typeof FILE | typeof TOKEN, Texts, Texts]>([
    ['from its file', FILE, { [FILE]: '/token', [TOKEN]: 'another' }, { '/token': 'Basic the%20token' }],
    ['from the variable', TOKEN, { [TOKEN]: 'Basic the%20token' }, {}],
  ])('with a token %s, masked', async (_name, token, env, files) => {
    const { aws, job, retrieved } = from(token, env, files);
    await retrieved;
    expect(aws.calls).toEqual([
      { call: 'ContainerCredentials', request: { ...request, authorization: 'Basic the%20token' } },
    ]);
    expect(job.masks).toEqual(['Basic the%20token']);
  });

  test('its file is read each time', async () => {
    const { aws, host, retrieved } = from(FILE, { [FILE]: '/token' }, { '/token': 'one' });
    await retrieved;
    await retrieve({ ...base, token: FILE }, { aws, host });
    expect(host.opened).toEqual(['/token', '/token']);
  });

  test.each<[string, typeof FILE | typeof TOKEN, Texts, Texts, string]>([
    ['no file', FILE, { [FILE]: '/token' }, {}, 'cannot be read: ENOENT'],
    ['an empty file', FILE, { [FILE]: '/token' }, { '/token': '' }, 'is empty'],
    ['a line end', FILE, { [FILE]: '/token' }, { '/token': 'tell-nobody\n' }, 'holds a line break'],
    ['a carriage return', FILE, { [FILE]: '/token' }, { '/token': 'tell-nobody\r' }, 'holds a line break'],
    ['a header more', FILE, { [FILE]: '/token' }, { '/token': 'tell-nobody\r\nx-more: y' }, 'holds a line break'],
    ['a header more in the variable', TOKEN, { [TOKEN]: 'tell-nobody\r\nx-more: y' }, {}, 'holds a line break'],
    ['a letter that no header has', TOKEN, { [TOKEN]: 'tell-nobody\u2028' }, {}, 'holds a character'],
    ['a null', TOKEN, { [TOKEN]: 'tell-nobody\0' }, {}, 'holds a character'],
  ])('%s: TOKEN_UNREADABLE, naming the variable, before any request', async (_name, token, env, files, problem) => {
    const { aws, retrieved } = from(token, env, files);
    await expect(retrieved).rejects.toMatchObject({
      code: 'TOKEN_UNREADABLE',
      message: expect.stringMatching(new RegExp(`^${token}: (?!.*tell-nobody).*${problem}`)),
    });
    expect(aws.calls).toEqual([]);
  });
});
