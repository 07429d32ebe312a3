import type { Retrieved } from '../../contract/credentials.ts';
import type { Effects } from '../source.ts';
import { loadToken } from './login.ts';
import type { SsoSource } from './settings.ts';

/** Milliseconds before its end in which a token is refreshed, where it can be. */
const refreshWindowMs = 5 * 60_000;

/** Exchanges the token for credentials. What else it takes where that does not go straight is loaded then. Throws CredentialError. */
export async function retrieveSso(source: SsoSource, effects: Effects): Promise<Retrieved> {
  const { aws, host } = effects;
  const held = loadToken(source, host);
  const ends = held.token.expiresAt;
  const fresh = ends === undefined || Date.parse(ends) - host.now() > refreshWindowMs;
  const current = fresh
    ? held
    : await import('./refresh.ts').then(({ refreshToken }) => refreshToken(held, source, effects));
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
