import { randomUUID } from 'node:crypto';
import { type Inbound, json, type Outbound, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { isMapping, type Mapping } from '../world/shape.ts';
import type { Logins } from './logins.ts';

/** What OAuth calls each of the service's errors. */
const oauthNames: Readonly<Record<string, string>> = {
  InvalidClientException: 'invalid_client',
  InvalidGrantException: 'invalid_grant',
  InvalidRequestException: 'invalid_request',
  UnsupportedGrantTypeException: 'unsupported_grant_type',
  ExpiredTokenException: 'expired_token',
  SlowDownException: 'slow_down',
};

const isCreateToken = ({ method, path }: Inbound) => `${method} ${path}` === 'POST /sso-oidc/token';

function fieldsOf({ body }: Inbound): Mapping {
  try {
    const value: unknown = JSON.parse(body);
    return isMapping(value) ? value : {};
  } catch {
    return {};
  }
}

function field(fields: Mapping, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new WireError(400, 'InvalidRequestException', `Missing required parameter: ${name}`);
}

/** The OIDC service of IAM Identity Center, as far as a login is refreshed by it. */
export function createSsoOidc(logins: Logins): Service {
  function createToken(fields: Mapping): unknown {
    const grant = { clientId: field(fields, 'clientId'), clientSecret: field(fields, 'clientSecret') };
    if (field(fields, 'grantType') !== 'refresh_token') {
      throw new WireError(400, 'UnsupportedGrantTypeException', 'Unsupported grant type');
    }
    const issued = logins.refresh({ ...grant, refreshToken: field(fields, 'refreshToken') });
    if (issued === 'client') throw new WireError(401, 'InvalidClientException', 'Invalid client');
    if (issued === 'grant') throw new WireError(400, 'InvalidGrantException', 'Invalid refresh token provided');
    return { ...issued, tokenType: 'Bearer' };
  }

  return {
    name: 'sso-oidc',
    describe(request) {
      const { grantType } = fieldsOf(request);
      return {
        operation: isCreateToken(request) ? 'CreateToken' : 'Unknown',
        parameters: typeof grantType === 'string' ? { grantType } : {},
      };
    },
    answer: async (request): Promise<Outbound> => {
      if (!isCreateToken(request)) throw new WireError(404, 'ResourceNotFoundException', 'No such operation');
      return json(200, createToken(fieldsOf(request)), { 'x-amzn-requestid': randomUUID() });
    },
    refuse: ({ status, code, message }) =>
      json(
        status,
        { error: oauthNames[code] ?? 'server_error', error_description: message },
        { 'x-amzn-errortype': code, 'x-amzn-requestid': randomUUID() },
      ),
    throttle: () => new WireError(400, 'SlowDownException', 'Too many requests'),
  };
}
