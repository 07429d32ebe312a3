import type { Credentials, Retrieved } from '../../credentials.ts';
import type { Assumption, Aws } from '../../ports.ts';
import type { Transport, Wire } from './client-settings.ts';
import { withPlainKeys } from './plain-keys.ts';

interface ClientModule {
  readonly openTransport: (wire: Wire) => Promise<Transport>;
}

/** AWS over its SDK. A client's code is loaded by the first call that needs it; credentials are masked at birth. */
export function connect(wire: Wire): Aws {
  // Connections are shared by all calls; the code that opens them comes with the first client's.
  let transport: Promise<Transport> | undefined;
  const client = async <M extends ClientModule>(loading: Promise<M>): Promise<readonly [M, Transport]> => {
    const module = await loading;
    transport ??= module.openTransport(wire);
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
    // Two turns of the event loop later the token's request is on its way, and loading fills the time until the answer.
    warmUp: () => void setImmediate(() => setImmediate(() => void import('./sts.ts'))),
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
      const [sso, transport] = await client(import('./sso.ts'));
      const credentials = await sso.getRoleCredentials(request, transport);
      masked(credentials);
      return credentials;
    },
  };
}
