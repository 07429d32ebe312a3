import type { Credentials } from '../../credentials.ts';
import type { Aws } from '../../ports.ts';
import type { Transport, Wire } from './client-settings.ts';

interface ClientModule {
  readonly openTransport: (wire: Wire) => Transport;
}

/** AWS over its SDK. A client's code is loaded by the first call that needs it; credentials are masked at birth. */
export function connect(wire: Wire): Aws {
  // Connections are shared by all calls; the code that opens them comes with the first client's.
  let transport: Transport | undefined;
  const client = async <M extends ClientModule>(loading: Promise<M>): Promise<readonly [M, Transport]> => {
    const module = await loading;
    transport ??= module.openTransport(wire);
    return [module, transport];
  };
  const masked = (credentials: Credentials): void => {
    for (const value of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) {
      if (value !== undefined) wire.mask(value);
    }
  };
  return {
    // Two turns of the event loop later the token's request is on its way, and loading fills the time until the answer.
    warmUp: () => void setImmediate(() => setImmediate(() => void import('./sts.ts'))),
    async assumeRoleWithWebIdentity(assumption, token) {
      const [sts, transport] = await client(import('./sts.ts'));
      const retrieved = await sts.assumeRoleWithWebIdentity(assumption, token, transport);
      masked(retrieved.credentials);
      return retrieved;
    },
    async assumeRole(assumption, signer) {
      const [sts, transport] = await client(import('./sts.ts'));
      const retrieved = await sts.assumeRole(assumption, signer, transport);
      masked(retrieved.credentials);
      return retrieved;
    },
    async getCallerIdentity(region, signer) {
      const [sts, transport] = await client(import('./sts.ts'));
      return sts.getCallerIdentity(region, signer, transport);
    },
    async getRoleCredentials(request) {
      const [sso, transport] = await client(import('./sso.ts'));
      const credentials = await sso.getRoleCredentials(request, transport);
      masked(credentials);
      return credentials;
    },
  };
}
