import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/adapters/aws/aws.ts';
import { requestIdToken } from '../../../src/adapters/github/id-token.ts';
import { knowsProxies, openConnections } from '../../../src/adapters/http/connections.ts';
import { send } from '../../../src/adapters/http/send.ts';
import type { Network } from '../../../src/contract/ports.ts';
import { selfSigned } from '../../support/certificate.ts';
import { type ProxyOptions, startProxy, type TestProxy } from '../../support/proxy.ts';

const signer = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'signing-secret' };
const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const answered = { arn: 'arn:aws:iam::1:user/u', account: '1' };
const own = selfSigned('localhost', '*.example.test');

const open: { close(): unknown }[] = [];
const paths: string[] = [];
let folder = '';
let bundle = '';
let https = 0;
let http = 0;

/** Answers as STS, and as the issuer of ID tokens; `/drip` for ever. */
const serve: RequestListener = (request, response) => {
  paths.push(`${request.method} ${request.url}`);
  if (request.url === '/drip') {
    const drops = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drops));
    return;
  }
  if (request.method === 'GET') response.end('{"value":"e30.e30.c2ln"}');
  else response.setHeader('content-type', 'text/xml').end(identity);
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'));
  bundle = join(folder, 'roots.pem');
  writeFileSync(bundle, `# ours\n${selfSigned('other.test').certificate}${own.certificate}`);
  https = await listen(createHttpsServer({ cert: own.certificate, key: own.key }, serve));
  http = await listen(createHttpServer(serve));
});
afterEach(() => {
  paths.length = 0;
});
afterAll(() => {
  for (const server of open) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function proxyWith(options: ProxyOptions = {}): Promise<TestProxy> {
  const proxy = await startProxy({ port: https, ...options });
  open.push(proxy);
  return proxy;
}

const through = (url: string, bypass = ''): Pick<Network, 'proxy'> => ({
  proxy: { url, bypass, origin: '"http-proxy"' },
});

/** Asks STS at this endpoint who signs, once. */
function askSts(endpoint: string, settings: Partial<Network> = {}) {
  const network: Network = { attempts: 1, endpoints: { sts: endpoint, sso: undefined }, ...settings };
  const lines: string[] = [];
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask() {},
  });
  return { identity: aws.getCallerIdentity('us-east-1', signer), lines };
}

/** Asks the issuer at this address for an ID token, once. */
function askIssuer(url: string, settings: Partial<Network> = {}): Promise<string> {
  const network: Network = { attempts: 1, endpoints: { sts: undefined, sso: undefined }, ...settings };
  const { attempts } = network;
  const connections = openConnections(network);
  return requestIdToken('a', {
    url,
    requestToken: 'r',
    attempts,
    connections: async () => connections,
    log() {},
    mask() {},
  });
}

describe('AWS_CA_BUNDLE', () => {
  test('vouches for what the usual certificates do not', async () => {
    const trusted = { certificates: bundle };
    expect(await askSts(`https://localhost:${https}`, trusted).identity).toEqual(answered);
    expect(await askIssuer(`https://127.0.0.1:${https}/t`, trusted)).toBe('e30.e30.c2ln');
  });

  test('without it, the error says where it is missing', async () => {
    await expect(askIssuer(`https://localhost:${https}/t`)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('AWS_CA_BUNDLE'),
    });
    expect(paths).toEqual([]);
  });

  test('vouches for no other name', async () => {
    await expect(askIssuer(`https://other.localhost:${https}/t`, { certificates: bundle })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(paths).toEqual([]);
  });

  (process.platform === 'win32' ? test.skip : test)('a pipe that nobody writes to is not waited for', async () => {
    const certificates = join(folder, 'pipe.pem');
    execFileSync('mkfifo', [certificates]);
    await expect(askSts(`http://127.0.0.1:${http}`, { certificates }).identity).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching('AWS_CA_BUNDLE names .*cannot be read'),
    });
    rmSync(certificates);
    expect(paths).toEqual([]);
  });

  test.each([
    ['is not there', undefined, 'cannot be read'],
    ['is empty', '', 'holds no certificate'],
    ['is something else', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'holds no certificate'],
    [
      'is damaged',
      `${own.certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      'certificate 2 of 2 is damaged',
    ],
  ])('a file that %s is refused before anything is sent', async (_name, content, problem) => {
    const certificates = join(folder, 'junk.pem');
    if (content !== undefined) writeFileSync(certificates, content);
    await expect(askSts(`http://127.0.0.1:${http}`, { certificates }).identity).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(`AWS_CA_BUNDLE names .*${problem}`),
    });
    rmSync(certificates, { force: true });
    expect(paths).toEqual([]);
  });
});

describe('by the proxy', () => {
  test('https goes through a tunnel, and the proxy sees no more than the host', async () => {
    const proxy = await proxyWith();
    const settings = { ...through(proxy.url), certificates: bundle };
    expect(await askSts('https://sts.example.test', settings).identity).toEqual(answered);
    expect(await askIssuer('https://issuer.example.test:8443/t', settings)).toBe('e30.e30.c2ln');
    expect(proxy.requests).toEqual(['CONNECT sts.example.test:443', 'CONNECT issuer.example.test:8443']);
    expect(paths).toEqual(['POST /', 'GET /t?audience=a']);
  });

  test('http is passed on', async () => {
    const proxy = await proxyWith();
    expect(await askSts(`http://127.0.0.1:${http}`, through(proxy.url)).identity).toEqual(answered);
    expect(await askIssuer(`http://127.0.0.1:${http}/t`, through(proxy.url))).toBe('e30.e30.c2ln');
    expect(proxy.requests).toEqual(['POST /', 'GET /t']);
  });

  test('user and password are given as they are meant', async () => {
    const proxy = await proxyWith({ credentials: 'user:p@ss:word' });
    const settings = { ...through(`http://user:p%40ss%3Aword@${proxy.address}`), certificates: bundle };
    expect(await askSts('https://sts.example.test', settings).identity).toEqual(answered);
    expect(await askIssuer(`http://127.0.0.1:${http}/t`, settings)).toBe('e30.e30.c2ln');
  });

  test('an IPv6 address is asked for in brackets', async () => {
    const proxy = await proxyWith({ answer: 403 });
    await expect(askIssuer('https://[fd00::1]/t', through(proxy.url))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(proxy.requests).toEqual(['CONNECT [fd00::1]:443']);
  });

  test.each(['127.0.0.1', '127.0.0.0/8', '*', 'x.org,127.0.0.1'])('past it, for %s', async (bypass) => {
    const proxy = await proxyWith();
    expect(await askSts(`http://127.0.0.1:${http}`, through(proxy.url, bypass)).identity).toEqual(answered);
    expect(await askIssuer(`http://127.0.0.1:${http}/t`, through(proxy.url, bypass))).toBe('e30.e30.c2ln');
    expect(proxy.requests).toEqual([]);
  });

  test('one host past it, the other by it', async () => {
    const proxy = await proxyWith();
    const settings = { ...through(proxy.url, 'localhost'), certificates: bundle };
    expect(await askIssuer(`https://localhost:${https}/t`, settings)).toBe('e30.e30.c2ln');
    expect(await askSts('https://sts.example.test', settings).identity).toEqual(answered);
    expect(proxy.requests).toEqual(['CONNECT sts.example.test:443']);
  });
});

test('an answer that comes in drops is given up', async () => {
  const connections = openConnections({ attempts: 1, endpoints: { sts: undefined, sso: undefined } });
  const url = new URL(`http://127.0.0.1:${http}/drip`);
  await expect(send({ url, headers: {}, connections, timeoutMs: 100 })).rejects.toMatchObject({ name: 'TimeoutError' });
});

describe('trouble with the proxy', () => {
  const urls = () => [`http://127.0.0.1:${http}`, 'https://sts.example.test'];

  test('it wants credentials: said at once, with where they go, and without those that were wrong', async () => {
    const proxy = await proxyWith({ credentials: 'user:right' });
    const settings = { attempts: 12, ...through(`http://user:sesame@${proxy.address}`) };
    for (const url of urls()) {
      const refusal = {
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringContaining(`the proxy http://${proxy.address} of "http-proxy" failed (HTTP 407)`),
        hint: expect.stringContaining('"http-proxy"'),
      };
      const { identity, lines } = askSts(url, settings);
      const error = await identity.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(refusal);
      expect(String(error)).not.toContain('sesame');
      await expect(askIssuer(`${url}/t`, settings)).rejects.toMatchObject(refusal);
      expect(lines).toEqual([]);
    }
    expect(proxy.requests).toHaveLength(4);
  });

  test('nobody is there', async () => {
    const proxy = await startProxy();
    await proxy.close();
    for (const url of urls()) {
      const refusal = {
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringContaining('failed (ECONNREFUSED)'),
        hint: expect.stringContaining('"http-proxy"'),
      };
      await expect(askSts(url, through(proxy.url)).identity).rejects.toMatchObject(refusal);
      await expect(askIssuer(`${url}/t`, through(proxy.url))).rejects.toMatchObject(refusal);
    }
  });

  test.each([
    [403, 1],
    [502, 3],
    ['cut', 3],
  ] as const)('it answers %s to CONNECT: asked %i times', async (answer, times) => {
    const proxy = await proxyWith({ answer });
    const { identity, lines } = askSts('https://sts.example.test', { attempts: 3, ...through(proxy.url) });
    await expect(identity).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('"http-proxy"'),
    });
    expect(proxy.requests).toHaveLength(times);
    expect(lines).toHaveLength(times - 1);
  });

  test('the service’s own trouble stays the service’s', async () => {
    const proxy = await proxyWith();
    await expect(askIssuer('https://issuer.example.test/t', through(proxy.url))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('AWS_CA_BUNDLE'),
    });
  });

  test.each([
    ['20.20.2', false],
    ['22.20.0', false],
    ['22.21.0', true],
    ['23.11.0', false],
    ['24.4.1', false],
    ['24.5.0', true],
    ['26.0.0', true],
  ])('Node %s goes by a proxy: %s', (version, knows) => expect(knowsProxies(version)).toBe(knows));
});
