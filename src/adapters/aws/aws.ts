import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Credentials, Retrieved } from '../../credentials.ts';
import type { Assumption, Aws } from '../../ports.ts';
import type { Transport, Wire } from './client-settings.ts';
import { withPlainKeys } from './plain-keys.ts';

/** AWS over its SDK. A client's code is loaded by the first call that needs it; credentials are masked at birth. */
export function connect(wire: Wire): Aws {
  // Connections are shared by all calls; the code that opens them comes with the first client's.
  let transport: Promise<Transport> | undefined;
  const client = async <M>(loading: Promise<M>): Promise<readonly [M, Transport]> => {
    const module = await loading;
    transport ??= import(/* webpackMode: "eager" */ './client-settings.ts').then(({ openTransport }) =>
      openTransport(wire),
    );
    return [module, await transport];
  };
  const masked = (credentials: Credentials): void => {
    for (const value of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) {
      if (value !== undefined) wire.mask(value);
    }
  };
  const assumed = ({ hop }: Assumption, ask: () => Promise<Retrieved>): Promise<Retrieved> =>
    withPlainKeys(hop, wire.network.attempts, async () => {
      const retrieved = await ask();
      masked(retrieved.credentials);
      return retrieved;
    });
  return {
    warmUp: () => whenSent(() => void import('./sts.ts')),
    async assumeRoleWithWebIdentity(assumption, token) {
      const [sts, transport] = await client(import('./sts.ts'));
      return assumed(assumption, () => sts.assumeRoleWithWebIdentity(assumption, token, transport));
    },
    async assumeRole(assumption, signer) {
      const [sts, transport] = await client(import('./sts.ts'));
      return assumed(assumption, () => sts.assumeRole(assumption, signer, transport));
    },
    async getCallerIdentity(region, signer) {
      const [sts, transport] = await client(import('./sts.ts'));
      return sts.getCallerIdentity(region, signer, transport);
    },
    async getRoleCredentials(request) {
      const [sso, transport] = await client(import(/* webpackChunkName: "sso" */ './sso.ts'));
      const credentials = await sso.getRoleCredentials(request, transport);
      masked(credentials);
      return credentials;
    },
    async listAccounts(request) {
      const [sso, transport] = await client(import(/* webpackChunkName: "sso" */ './sso.ts'));
      return sso.listAccounts(request, transport);
    },
    async listAccountRoles(request) {
      const [sso, transport] = await client(import(/* webpackChunkName: "sso" */ './sso.ts'));
      return sso.listAccountRoles(request, transport);
    },
    async createToken(request) {
      const [oidc, transport] = await client(import('./sso-oidc.ts'));
      const refreshed = await oidc.createToken(request, transport);
      for (const token of [refreshed.accessToken, refreshed.refreshToken ?? '']) wire.mask(token);
      return refreshed;
    },
    async getContainerCredentials(request) {
      const { getContainerCredentials } = await import('../container.ts');
      const retrieved = await getContainerCredentials(request, wire);
      masked(retrieved.credentials);
      return retrieved;
    },
    async getInstanceCredentials(request) {
      const { getInstanceCredentials } = await import('../instance.ts');
      const credentials = await getInstanceCredentials(request, wire);
      masked(credentials);
      return credentials;
    },
    async getCognitoId(pool) {
      const [cognito, transport] = await client(import('./cognito.ts'));
      return cognito.getCognitoId(pool, transport);
    },
    async getCognitoCredentials(identity, roleArn) {
      const [cognito, transport] = await client(import('./cognito.ts'));
      const credentials = await cognito.getCognitoCredentials(identity, roleArn, transport);
      masked(credentials);
      return credentials;
    },
    async getCognitoToken(identity) {
      const [cognito, transport] = await client(import('./cognito.ts'));
      const token = await cognito.getCognitoToken(identity, transport);
      wire.mask(token);
      return token;
    },
  };
}

/**
 * Calls back when the next HTTP request of this process is written, so after its name lookup and its handshakes: loading
 * code before that would hold the request up, and from then on it fills the time until the answer.
 */
function whenSent(act: () => void): void {
  const channel = 'http.client.request.start';
  const started = (message: unknown): void => {
    unsubscribe(channel, started);
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    // A ClientRequest; but to know that word would load node:http here, before it is needed.
    if (message.request instanceof EventEmitter) message.request.once('finish', () => setImmediate(act));
  };
  subscribe(channel, started);
}
