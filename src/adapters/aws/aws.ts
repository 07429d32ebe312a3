import type { Credentials } from '../../credentials.ts';
import type { Aws, Network } from '../../ports.ts';
import type { Transport } from './client-settings.ts';

/** AWS over its SDK. A client's code is loaded by the first call that needs it; credentials are masked at birth. */
export function connect(network: Network, mask: (secret: string) => void): Aws {
  let opened: Promise<Transport> | undefined;
  const transport = () => {
    opened ??= import('./client-settings.ts').then(({ openTransport }) => openTransport(network));
    return opened;
  };
  const masked = (credentials: Credentials): void => {
    for (const value of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) {
      if (value !== undefined) mask(value);
    }
  };
  return {
    async assumeRoleWithWebIdentity(assumption, token) {
      const sts = await import('./sts.ts');
      const retrieved = await sts.assumeRoleWithWebIdentity(assumption, token, await transport());
      masked(retrieved.credentials);
      return retrieved;
    },
    async assumeRole(assumption, signer) {
      const sts = await import('./sts.ts');
      const retrieved = await sts.assumeRole(assumption, signer, await transport());
      masked(retrieved.credentials);
      return retrieved;
    },
    async getCallerIdentity(region, signer) {
      const sts = await import('./sts.ts');
      return sts.getCallerIdentity(region, signer, await transport());
    },
    async getRoleCredentials(request) {
      const sso = await import('./sso.ts');
      const credentials = await sso.getRoleCredentials(request, await transport());
      masked(credentials);
      return credentials;
    },
  };
}
