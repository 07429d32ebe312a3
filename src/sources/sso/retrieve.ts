import type { Retrieved } from '../../contract/credentials.ts';
import type { Effects } from '../source.ts';
import { loadToken } from './login.ts';
import type { SsoSource } from './settings.ts';

/** Milliseconds before its expiration from which a token is refreshed. */
const refreshWindowMs = 5 * 60_000;

/** Exchanges the token for credentials; the code for refreshes and refusals is loaded when needed. Throws CredentialError. */
export async function retrieveSso(source: SsoSource, effects: Effects): Promise<Retrieved> {
  const { aws, host } = effects;
  const loaded = loadToken(source, host);
  const expiresAt = loaded.token.expiresAt;
  const fresh = expiresAt === undefined || Date.parse(expiresAt) - host.now() > refreshWindowMs;
  const current = fresh
    ? loaded
    : await import('./refresh.ts').then(({ refreshToken }) => refreshToken(loaded, source, effects));
  const { region, accountId, roleName } = source;
  const { accessToken } = current.token;
  try {
    const credentials = await aws.getRoleCredentials({ region, accessToken, accountId, roleName });
    return { credentials, identity: { account: accountId }, ssoToken: current.text };
  } catch (error) {
    const { explainDenial } = await import('./explain-denial.ts');
    throw await explainDenial(error, current.token, { source, aws });
  }
}
