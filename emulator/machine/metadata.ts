import { randomBytes } from 'node:crypto';
import { type Inbound, json, type Outbound, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { World } from '../world/world.ts';
import { handOut } from './hand-out.ts';

/** The metadata service of EC2, and every token that it has given out. */
export interface Metadata extends Service {
  tokens(): readonly string[];
}

const plain = (body: string): Outbound => ({ status: 200, headers: { 'content-type': 'text/plain' }, body });
const roles = '/imds/latest/meta-data/iam/security-credentials/';
const notFound = () => new WireError(404, 'NotFound', 'Not Found');

/**
 * Version 2 asks for a token first; version 1 is the same without one, where the instance allows it.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export function createMetadata({ machines: { instance } }: World, keyring: Keyring, now: () => number): Metadata {
  const tokens = new Map<string, number>();
  const name = instance.role?.split('/').at(-1);

  function issueToken({ headers }: Inbound): Outbound {
    if (headers['x-forwarded-for'] !== undefined) throw new WireError(403, 'Forbidden', 'Forbidden');
    const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 21_600) {
      throw new WireError(400, 'BadRequest', 'Bad Request');
    }
    const token = `${randomBytes(40).toString('base64url')}==`;
    tokens.set(token, now() + seconds * 1000);
    return plain(token);
  }

  function checkToken({ headers }: Inbound): void {
    const token = headers['x-aws-ec2-metadata-token'];
    if (token === undefined && instance.tokens === 'optional') return;
    if ((tokens.get(token ?? '') ?? 0) < now()) throw new WireError(401, 'Unauthorized', 'Unauthorized');
  }

  function credentials(): Outbound {
    const { role, ...rest } = instance;
    if (role === undefined) throw notFound();
    const LastUpdated = new Date(now()).toISOString().replace(/\.\d+Z/, 'Z');
    return json(200, { Code: 'Success', LastUpdated, Type: 'AWS-HMAC', ...handOut({ role, ...rest }, keyring) });
  }

  const operationOf = ({ method, path }: Inbound): string => {
    if (path === '/imds/latest/api/token') return method === 'PUT' ? 'MetadataToken' : 'Unknown';
    if (method !== 'GET' || !path.startsWith(roles)) return 'Unknown';
    return path === roles ? 'InstanceRole' : 'InstanceCredentials';
  };

  return {
    name: 'imds',
    tokens: () => [...tokens.keys()],
    describe: (request) => ({
      operation: operationOf(request),
      parameters: { version: request.headers['x-aws-ec2-metadata-token'] === undefined ? '1' : '2' },
    }),
    answer: async (request) => {
      const operation = operationOf(request);
      if (operation === 'MetadataToken') return issueToken(request);
      if (request.method !== 'GET') throw new WireError(405, 'MethodNotAllowed', 'Method Not Allowed');
      checkToken(request);
      if (operation === 'InstanceRole' && name !== undefined) return plain(name);
      if (operation === 'InstanceCredentials' && request.path === roles + name) return credentials();
      throw notFound();
    },
    refuse: ({ status, message }) => ({
      status,
      headers: { 'content-type': 'text/html' },
      body: `<?xml version="1.0"?><html><head><title>${status} - ${message}</title></head></html>\n`,
    }),
    throttle: () => new WireError(429, 'TooManyRequests', 'Too Many Requests'),
  };
}
