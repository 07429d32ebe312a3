import { withTimeout } from '../../contract/deadline.ts';
import { asCredentialError, CredentialError } from '../../contract/errors.ts';
import type { RefreshedToken, RefreshRequest } from '../../contract/portal.ts';
import { type SsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { Effects } from '../source.ts';
import { type LoadedToken, loginHint, nameOfToken } from './login.ts';
import type { SsoSource } from './settings.ts';

/** Milliseconds for a refresh. */
const timeoutMs = 30_000;

/** A new token; if the refresh fails, the old one while it is still valid. Throws TOKEN_EXPIRED. */
export async function refreshToken(loaded: LoadedToken, source: SsoSource, effects: Effects): Promise<LoadedToken> {
  const { aws, host, log } = effects;
  const { expiresAt = '' } = loaded.token;
  const isValid = () => host.now() < Date.parse(expiresAt);
  const expired = (reason: string, cause?: unknown) =>
    new CredentialError('TOKEN_EXPIRED', `${nameOfToken(source)} expired at ${expiresAt}, and ${reason}`, {
      hint: loginHint(source, loaded.token),
      cause,
    });
  const request = requestFor(loaded.token, source, host.now());
  if (typeof request === 'string') {
    if (isValid()) return loaded;
    throw expired(`it cannot be refreshed: ${request}`);
  }
  try {
    const refreshed = await withTimeout(aws.createToken(request), timeoutMs, timedOut);
    const renewed = refreshedToken(refreshed, loaded, host.now());
    log?.info(refreshMessage(refreshed, renewed.token, source));
    return renewed;
  } catch (error) {
    const { message } = asCredentialError(error);
    if (!isValid()) throw expired(`could not be refreshed: ${message}`, error);
    log?.warn(`${nameOfToken(source)} could not be refreshed and is used as it is, until ${expiresAt}: ${message}`);
    return loaded;
  }
}

/** The refresh request, or why the token cannot be refreshed. */
function requestFor(token: SsoToken, { region }: SsoSource, now: number): RefreshRequest | string {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  const missing = Object.entries({ refreshToken, clientId, clientSecret }).flatMap(([name, value]) =>
    value === undefined ? [`"${name}"`] : [],
  );
  if (registrationExpiresAt !== undefined && Date.parse(registrationExpiresAt) <= now) {
    return `its client registration expired at ${registrationExpiresAt}`;
  }
  return refreshToken === undefined || clientId === undefined || clientSecret === undefined
    ? `it has no ${missing.join(', no ')}`
    : { region, refreshToken, clientId, clientSecret };
}

function refreshedToken(
  { accessToken, expiresIn, refreshToken }: RefreshedToken,
  { text, token }: LoadedToken,
  now: number,
): LoadedToken {
  // Without milliseconds, as the CLI writes dates.
  const expiresAt = new Date(now + expiresIn * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const renewal = { accessToken, expiresAt, ...(refreshToken === undefined ? {} : { refreshToken }) };
  return { token: { ...token, ...renewal }, text: writeSsoToken(text, renewal) };
}

function refreshMessage({ refreshToken }: RefreshedToken, { expiresAt }: SsoToken, source: SsoSource): string {
  const done = `${nameOfToken(source)} was refreshed; the new one expires at ${expiresAt}.`;
  if (refreshToken === undefined) return done;
  return source.token.from === 'input'
    ? `${done} It has a new refresh token: if the old one stops working, store the output "sso-token" ("output-sso-token: true") in the secret.`
    : `${done} The file is not changed: if its refresh token stops working, log in again.`;
}

function timedOut(): CredentialError {
  return new CredentialError('TIMED_OUT', `there was no response within ${timeoutMs / 1000} s`, {
    hint: 'Run the job again.',
  });
}
