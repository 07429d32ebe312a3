import { randomUUID } from 'node:crypto';
import { type Inbound, json, type Outbound, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { roleSession } from '../iam/caller.ts';
import type { Keyring } from '../iam/keyring.ts';
import { allows } from '../iam/trust.ts';
import { isMapping, type Mapping } from '../world/shape.ts';
import type { Pool } from '../world/world.ts';
import { type Asker, type Gate, verifyLogins } from './logins.ts';
import type { OpenIdTokens } from './openid-tokens.ts';

const target = 'AWSCognitoIdentityService.';
const headers = () => ({ 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });

function parse(body: string): Mapping | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const textIn = (body: Mapping, name: string): string => (typeof body[name] === 'string' ? body[name] : '');

function loginsIn({ Logins: logins }: Mapping): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isMapping(logins) ? logins : {}).map(([name, token]) => [name, String(token)]),
  );
}

/** The request's fields for the log: of the logins the providers alone. */
function parametersOf(body: Mapping): Readonly<Record<string, string>> {
  const plain = Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return { ...Object.fromEntries(plain), Logins: Object.keys(loginsIn(body)).join(',') };
}

interface Identity {
  readonly id: string;
  readonly pool: string;
  /** Undefined for a guest's. */
  readonly key: string | undefined;
}

/** The identity pools of Cognito, in JSON 1.1. */
export function createCognito(gate: Gate & { readonly keyring: Keyring; readonly tokens: OpenIdTokens }): Service {
  const { world, keyring, tokens } = gate;
  const identities: Identity[] = [];

  function poolOf(id: string): Pool {
    const pool = world.pools.get(id);
    if (!pool) throw new WireError(400, 'ResourceNotFoundException', `IdentityPool '${id}' not found.`);
    return pool;
  }

  async function getId(body: Mapping): Promise<unknown> {
    const pool = textIn(body, 'IdentityPoolId');
    const { key } = await verifyLogins(loginsIn(body), poolOf(pool), gate);
    const known = identities.find((identity) => key !== undefined && identity.key === key && identity.pool === pool);
    const identity = known ?? { id: `${pool.split(':')[0]}:${randomUUID()}`, pool, key };
    if (!known) identities.push(identity);
    return { IdentityId: identity.id };
  }

  /** The identity that a request is about, and who asks. */
  async function subjectOf(body: Mapping): Promise<{ identity: Identity; pool: Pool; asker: Asker }> {
    const id = textIn(body, 'IdentityId');
    const identity = identities.find((known) => known.id === id);
    if (!identity) throw new WireError(400, 'ResourceNotFoundException', `Identity '${id}' not found.`);
    const pool = poolOf(identity.pool);
    const asker = await verifyLogins(loginsIn(body), pool, gate);
    if (asker.key !== identity.key)
      throw new WireError(400, 'NotAuthorizedException', `Access to Identity '${id}' is forbidden.`);
    return { identity, pool, asker };
  }

  async function getCredentials(body: Mapping): Promise<unknown> {
    const { identity, pool, asker } = await subjectOf(body);
    const custom = textIn(body, 'CustomRoleArn');
    if (custom !== '' && !pool.customRoles.includes(custom))
      throw new WireError(400, 'NotAuthorizedException', 'Given custom role is not one of the roles in the token.');
    const roleArn = custom || (asker.key === undefined ? pool.guestRole : pool.role) || '';
    const role = world.roles.get(roleArn);
    const context = new Map([
      ['cognito-identity.amazonaws.com:aud', [identity.pool]],
      ['cognito-identity.amazonaws.com:sub', [identity.id]],
      ['cognito-identity.amazonaws.com:amr', asker.amr],
    ]);
    const who = { kind: 'Federated', provider: 'cognito-identity.amazonaws.com' } as const;
    if (!role || !allows(role.trust, who, 'sts:AssumeRoleWithWebIdentity', context)) {
      const message = 'Invalid identity pool configuration. Check assigned IAM roles for this pool.';
      throw new WireError(400, 'InvalidIdentityPoolConfigurationException', message);
    }
    const session = roleSession(roleArn, 'CognitoIdentityCredentials', { tags: {}, transitiveTagKeys: [] });
    const key = keyring.issue(session, 3600);
    return {
      IdentityId: identity.id,
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretKey: key.secretAccessKey,
        SessionToken: key.session.token,
        Expiration: key.session.expiration.getTime() / 1000,
      },
    };
  }

  async function getOpenIdToken(body: Mapping): Promise<unknown> {
    const { identity, pool, asker } = await subjectOf(body);
    if (!pool.classic) {
      const message = 'Basic (classic) flow is not enabled, please use enhanced flow.';
      throw new WireError(400, 'InvalidParameterException', message);
    }
    const token = await tokens.sign({ pool: identity.pool, identity: identity.id, amr: asker.amr });
    return { IdentityId: identity.id, Token: token };
  }

  const operations: Readonly<Record<string, (body: Mapping) => Promise<unknown>>> = {
    GetId: getId,
    GetCredentialsForIdentity: getCredentials,
    GetOpenIdToken: getOpenIdToken,
  };
  const operationOf = (request: Inbound) => (request.headers['x-amz-target'] ?? '').replace(target, '');

  return {
    name: 'cognito-identity',
    describe: (request) => ({
      operation: operationOf(request) || 'Unknown',
      parameters: parametersOf(parse(request.body) ?? {}),
    }),
    async answer(request): Promise<Outbound> {
      const operation = operations[operationOf(request)];
      if (!operation) throw new WireError(400, 'UnknownOperationException', 'No such operation');
      const body = parse(request.body);
      if (!body) throw new WireError(400, 'SerializationException', 'Unable to parse the request');
      return json(200, await operation(body), headers());
    },
    refuse: ({ status, code, message }) => json(status, { __type: code, message }, headers()),
    throttle: () => new WireError(400, 'TooManyRequestsException', 'Rate exceeded'),
  };
}
