import { withTimeout } from '../../contract/deadline.ts';
import { asCredentialError, CredentialError } from '../../contract/errors.ts';
import type { RefreshedToken, RefreshRequest } from '../../contract/portal.ts';
import { type SsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { Effects } from '../source.ts';
import { type LoadedToken, loginHint, nameOfToken } from './login.ts';
import type { SsoSource } from './settings.ts';

/** Milliseconds for a refresh; a token that is still good does not wait longer for a better one. */
const timeoutMs = 30_000;

/** A new token for one that ends; where there is none to be had, the one that is held, if it is still good. Throws TOKEN_EXPIRED. */
export async function refreshToken(held: LoadedToken, source: SsoSource, effects: Effects): Promise<LoadedToken> {
  const { aws, host, log } = effects;
  const { expiresAt = '' } = held.token;
  const good = () => host.now() < Date.parse(expiresAt);
  const expired = (reason: string, cause?: unknown) =>
    new CredentialError('TOKEN_EXPIRED', `${nameOfToken(source)} ended at ${expiresAt}, and ${reason}`, {
      hint: loginHint(source, held.token),
      cause,
    });
  const request = requestFor(held.token, source, host.now());
  if (typeof request === 'string') {
    if (good()) return held;
    throw expired(`it cannot be refreshed: ${request}`);
  }
  try {
    const refreshed = await withTimeout(aws.createToken(request), timeoutMs, timedOut);
    const renewed = refreshedToken(refreshed, held, host.now());
    log?.info(refreshNote(refreshed, renewed.token, source));
    return renewed;
  } catch (error) {
    const { message } = asCredentialError(error);
    if (!good()) throw expired(`could not be refreshed: ${message}`, error);
    log?.warn(`${nameOfToken(source)} could not be refreshed and is used as it is, until ${expiresAt}: ${message}`);
    return held;
  }
}

/** What to ask for; or why it is of no use to ask. */
function requestFor(token: SsoToken, { region }: SsoSource, now: number): RefreshRequest | string {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  const lacking = Object.entries({ refreshToken, clientId, clientSecret }).flatMap(([name, value]) =>
    value === undefined ? [`"${name}"`] : [],
  );
  if (registrationExpiresAt !== undefined && Date.parse(registrationExpiresAt) <= now) {
    return `its registration as a client ended at ${registrationExpiresAt}`;
  }
  return refreshToken === undefined || clientId === undefined || clientSecret === undefined
    ? `it holds no ${lacking.join(', no ')}`
    : { region, refreshToken, clientId, clientSecret };
}

function refreshedToken(
  { accessToken, expiresIn, refreshToken }: RefreshedToken,
  { text, token }: LoadedToken,
  now: number,
): LoadedToken {
  // Without milliseconds, as the CLI writes it.
  const expiresAt = new Date(now + expiresIn * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const renewal = { accessToken, expiresAt, ...(refreshToken === undefined ? {} : { refreshToken }) };
  return { token: { ...token, ...renewal }, text: writeSsoToken(text, renewal) };
}

function refreshNote({ refreshToken }: RefreshedToken, { expiresAt }: SsoToken, source: SsoSource): string {
  const done = `${nameOfToken(source)} was refreshed; the new one ends at ${expiresAt}.`;
  if (refreshToken === undefined) return done;
  return source.token.from === 'input'
    ? `${done} It has a new refresh token: should the old one no longer do, store the output "sso-token" ("output-sso-token: true") in the secret.`
    : `${done} The file is left as it is: should its refresh token no longer do, log in again.`;
}

function timedOut(): CredentialError {
  return new CredentialError('TIMED_OUT', `there was no answer within ${timeoutMs / 1000} s`, { hint: 'Try again.' });
}
