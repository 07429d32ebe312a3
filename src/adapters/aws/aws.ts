import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Credentials, Retrieved } from '../../contract/credentials.ts';
import type { Assumption, Aws } from '../../contract/ports.ts';
import { withAlphanumericKeys } from './alphanumeric-keys.ts';
import type { CallContext } from './call.ts';
import { startClock } from './clock.ts';

/** AWS over its SDK. What asks a service is loaded by the first call that needs it; credentials are masked at birth. */
export function connect(shared: Omit<CallContext, 'clock'>): Aws {
  const wire: CallContext = { ...shared, clock: startClock() };
  const masked = (credentials: Credentials): void => {
    for (const value of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) {
      if (value !== undefined) wire.mask(value);
    }
  };
  const assumed = ({ hop }: Assumption, ask: () => Promise<Retrieved>): Promise<Retrieved> =>
    withAlphanumericKeys(hop, wire.network.attempts, async () => {
      const retrieved = await ask();
      masked(retrieved.credentials);
      return retrieved;
    });
  return {
    warmUp: () => onRequestSent(() => void import('./sts.ts')),
    async assumeRoleWithWebIdentity(assumption, token) {
      const sts = await import('./sts.ts');
      return assumed(assumption, () => sts.assumeRoleWithWebIdentity(assumption, token, wire));
    },
    async assumeRole(assumption, signer) {
      const sts = await import('./sts.ts');
      return assumed(assumption, () => sts.assumeRole(assumption, signer, wire));
    },
    async getCallerIdentity(region, signer) {
      const sts = await import('./sts.ts');
      return sts.getCallerIdentity(region, signer, wire);
    },
    async getRoleCredentials(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      const credentials = await sso.getRoleCredentials(request, wire);
      masked(credentials);
      return credentials;
    },
    async listAccounts(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      return sso.listAccounts(request, wire);
    },
    async listAccountRoles(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      return sso.listAccountRoles(request, wire);
    },
    async createToken(request) {
      const oidc = await import('./sso-oidc.ts');
      const refreshed = await oidc.createToken(request, wire);
      for (const token of [refreshed.accessToken, refreshed.refreshToken ?? '']) wire.mask(token);
      return refreshed;
    },
    async getContainerCredentials(request) {
      const { getContainerCredentials } = await import('./metadata/container.ts');
      const retrieved = await getContainerCredentials(request, wire);
      masked(retrieved.credentials);
      return retrieved;
    },
    async getInstanceCredentials(request) {
      const { getInstanceCredentials } = await import('./metadata/instance.ts');
      const credentials = await getInstanceCredentials(request, wire);
      masked(credentials);
      return credentials;
    },
    async getCognitoId(pool) {
      const cognito = await import('./cognito.ts');
      return cognito.getCognitoId(pool, wire);
    },
    async getCognitoCredentials(identity, roleArn) {
      const cognito = await import('./cognito.ts');
      const credentials = await cognito.getCognitoCredentials(identity, roleArn, wire);
      masked(credentials);
      return credentials;
    },
    async getCognitoToken(identity) {
      const cognito = await import('./cognito.ts');
      const token = await cognito.getCognitoToken(identity, wire);
      wire.mask(token);
      return token;
    },
  };
}

/**
 * Calls back when the next HTTP request of this process is written, so after its name lookup and its handshakes: loading
 * code before that would hold the request up, and from then on it fills the time until the answer.
 */
function onRequestSent(act: () => void): void {
  const channel = 'http.client.request.start';
  const started = (message: unknown): void => {
    unsubscribe(channel, started);
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    // A ClientRequest; but to know that word would load node:http here, before it is needed.
    if (message.request instanceof EventEmitter) message.request.once('finish', () => setImmediate(act));
  };
  subscribe(channel, started);
}
