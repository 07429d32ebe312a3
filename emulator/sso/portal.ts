import { randomUUID } from 'node:crypto';
import { type Inbound, json, loggable, type Outbound, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { roleSession } from '../iam/caller.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { World } from '../world/world.ts';
import type { Logins } from './logins.ts';

const pageSize = 100;

const requestId = () => ({ 'x-amzn-requestid': randomUUID() });

/** The role that IAM Identity Center makes in an account for a permission set. */
export function reservedRole(account: string, roleName: string): string {
  return `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${roleName}_0123456789abcdef`;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') {
    throw new WireError(400, 'InvalidRequestException', `Missing required request parameter: ${name}`);
  }
  return value;
}

/** One page of a list and the token of the next; the token is the position, dressed up. */
function page<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const token = query.get('next_token');
  const position = token === null ? '0' : /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  const start = Number(position);
  const size = Number(query.get('max_result') ?? pageSize);
  if (!Number.isInteger(start) || !Number.isInteger(size) || size < 1 || size > pageSize) {
    throw new WireError(400, 'InvalidRequestException', 'Invalid pagination parameters');
  }
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: Buffer.from(`page:${end}`).toString('base64url') } : { items };
}

/** What the portal knows. */
export interface PortalParts {
  readonly world: World;
  readonly keyring: Keyring;
  readonly logins: Logins;
}

/** The access portal of IAM Identity Center. */
export function createPortal({ world: { accounts, sso }, keyring, logins }: PortalParts): Service {
  function assigned(account: string): readonly string[] {
    if (!accounts.has(account)) throw new WireError(404, 'ResourceNotFoundException', 'Account not found');
    const roles = sso.assignments.get(account);
    if (!roles) throw new WireError(403, 'ForbiddenException', 'No access');
    return roles;
  }

  function getRoleCredentials(query: URLSearchParams): unknown {
    const account = required(query, 'account_id');
    const roleName = required(query, 'role_name');
    if (!assigned(account).includes(roleName)) throw new WireError(403, 'ForbiddenException', 'No access');
    const session = roleSession(reservedRole(account, roleName), sso.user, { tags: {}, transitiveTagKeys: [] });
    const { accessKeyId, secretAccessKey, session: temporary } = keyring.issue(session, sso.sessionDuration);
    const { token: sessionToken, expiration } = temporary;
    return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expiration.getTime() } };
  }

  function listAccounts(query: URLSearchParams): unknown {
    const { items, ...next } = page([...sso.assignments.keys()], query);
    const accountList = items.map((accountId) => {
      const { name: accountName, email: emailAddress } = accounts.get(accountId) ?? {};
      return { accountId, accountName, emailAddress };
    });
    return { accountList, ...next };
  }

  function listAccountRoles(query: URLSearchParams): unknown {
    const accountId = required(query, 'account_id');
    const { items, ...next } = page(assigned(accountId), query);
    return { roleList: items.map((roleName) => ({ roleName, accountId })), ...next };
  }

  const operations = new Map<string, { operation: string; answer: (query: URLSearchParams) => unknown }>([
    ['GET /sso/federation/credentials', { operation: 'GetRoleCredentials', answer: getRoleCredentials }],
    ['GET /sso/assignment/accounts', { operation: 'ListAccounts', answer: listAccounts }],
    ['GET /sso/assignment/roles', { operation: 'ListAccountRoles', answer: listAccountRoles }],
  ]);
  const find = ({ method, path }: Inbound) => operations.get(`${method} ${path}`);

  return {
    name: 'sso',
    describe: (request) => ({
      operation: find(request)?.operation ?? 'Unknown',
      parameters: loggable(request.query, []),
    }),
    answer: async (request): Promise<Outbound> => {
      const operation = find(request);
      if (!operation) throw new WireError(404, 'ResourceNotFoundException', 'No such operation');
      if (!logins.isGood(request.headers['x-amz-sso_bearer_token'] ?? '')) {
        throw new WireError(401, 'UnauthorizedException', 'Session token not found or invalid');
      }
      return json(200, operation.answer(request.query), requestId());
    },
    refuse: ({ status, code, message }) =>
      json(status, { message, __type: code }, { 'x-amzn-errortype': code, ...requestId() }),
    throttle: () => new WireError(429, 'TooManyRequestsException', 'Rate exceeded'),
  };
}
