import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Credentials, Retrieved } from '../../contract/credentials.ts';
import type { Assumption, Aws } from '../../contract/ports.ts';
import { withAlphanumericKeys } from './alphanumeric-keys.ts';
import type { CallContext } from './call.ts';
import { startClock } from './clock.ts';

/** The AWS services. Each is loaded by its first call; credentials are masked as soon as they arrive. */
export function connect(shared: Omit<CallContext, 'clock'>): Aws {
  const context: CallContext = { ...shared, clock: startClock() };
  const masked = (credentials: Credentials): void => {
    for (const value of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) {
      if (value !== undefined) context.mask(value);
    }
  };
  const assumed = ({ hop }: Assumption, assume: () => Promise<Retrieved>): Promise<Retrieved> =>
    withAlphanumericKeys(hop, context.network.attempts, async () => {
      const retrieved = await assume();
      masked(retrieved.credentials);
      return retrieved;
    });
  return {
    warmUp: () => onRequestSent(() => void import('./sts.ts')),
    async assumeRoleWithWebIdentity(assumption, token) {
      const sts = await import('./sts.ts');
      return assumed(assumption, () => sts.assumeRoleWithWebIdentity(assumption, token, context));
    },
    async assumeRole(assumption, signer) {
      const sts = await import('./sts.ts');
      return assumed(assumption, () => sts.assumeRole(assumption, signer, context));
    },
    async getCallerIdentity(region, signer) {
      const sts = await import('./sts.ts');
      return sts.getCallerIdentity(region, signer, context);
    },
    async getRoleCredentials(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      const credentials = await sso.getRoleCredentials(request, context);
      masked(credentials);
      return credentials;
    },
    async listAccounts(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      return sso.listAccounts(request, context);
    },
    async listAccountRoles(request) {
      const sso = await import(/* webpackChunkName: "sso" */ './sso.ts');
      return sso.listAccountRoles(request, context);
    },
    async createToken(request) {
      const oidc = await import('./sso-oidc.ts');
      const refreshed = await oidc.createToken(request, context);
      for (const token of [refreshed.accessToken, refreshed.refreshToken ?? '']) context.mask(token);
      return refreshed;
    },
    async getContainerCredentials(request) {
      const { getContainerCredentials } = await import('./metadata/container.ts');
      const retrieved = await getContainerCredentials(request, context);
      masked(retrieved.credentials);
      return retrieved;
    },
    async getInstanceCredentials(request) {
      const { getInstanceCredentials } = await import('./metadata/instance.ts');
      const credentials = await getInstanceCredentials(request, context);
      masked(credentials);
      return credentials;
    },
    async getCognitoId(pool) {
      const cognito = await import('./cognito.ts');
      return cognito.getCognitoId(pool, context);
    },
    async getCognitoCredentials(identity, roleArn) {
      const cognito = await import('./cognito.ts');
      const credentials = await cognito.getCognitoCredentials(identity, roleArn, context);
      masked(credentials);
      return credentials;
    },
    async getCognitoToken(identity) {
      const cognito = await import('./cognito.ts');
      const token = await cognito.getCognitoToken(identity, context);
      context.mask(token);
      return token;
    },
  };
}

/**
 * Calls back once the next HTTP request of this process is written. Loading code earlier would delay the request;
 * from then on it uses the time until the response.
 */
function onRequestSent(act: () => void): void {
  const channel = 'http.client.request.start';
  const started = (message: unknown): void => {
    unsubscribe(channel, started);
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    // It is a ClientRequest, but naming that class would load node:http before it is needed.
    if (message.request instanceof EventEmitter) message.request.once('finish', () => setImmediate(act));
  };
  subscribe(channel, started);
}
