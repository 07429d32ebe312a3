import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import { NotAToken, parseSsoToken, type SsoToken, secretsInSsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { Host } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import type { SsoSource } from './sso.ts';
import { loginHint } from './login.ts';

/** A token, and the text that it stands in. */
export interface Held {
  readonly token: SsoToken;
  readonly text: string;
}

/** Milliseconds before its end in which a token is refreshed, where it can be. */
const refreshWindow = 5 * 60_000;

/** Exchanges the token for credentials. What else it takes where that does not go straight is loaded then. Throws CredentialError. */
export async function retrieveSso(source: SsoSource, effects: Effects): Promise<Retrieved> {
  const { aws, host } = effects;
  const held = hold(source, host);
  const ends = held.token.expiresAt;
  const fresh = ends === undefined || Date.parse(ends) - host.now() > refreshWindow;
  const current = fresh ? held : await import('./refresh.ts').then(({ renew }) => renew(held, source, effects));
  const { region, accountId, roleName } = source;
  const { accessToken } = current.token;
  try {
    const credentials = await aws.getRoleCredentials({ region, accessToken, accountId, roleName });
    return { credentials, identity: { account: accountId }, ssoToken: current.text };
  } catch (error) {
    const { explain } = await import('./explain-denial.ts');
    throw await explain(error, current.token, { source, aws });
  }
}

function hold(source: SsoSource, host: Host): Held {
  if (source.token.from === 'input') {
    const { text } = source.token;
    return { text, token: parseSsoToken(text) };
  }
  const text = read(source, source.token.path, host);
  try {
    const token = parseSsoToken(text);
    return { text: writeSsoToken(text), token };
  } catch (error) {
    if (!(error instanceof NotAToken)) throw error;
    throw new CredentialError('TOKEN_UNREADABLE', `The SSO token in ${source.token.path} ${error.message}`, {
      hint: loginHint(source),
    });
  }
}

/** The CLI's file, and those of other tools, which only ever read it. */
function read(source: SsoSource, path: string, host: Host): string {
  try {
    return host.readSecret(host.files.locate(path), 'followed', secretsInSsoToken).trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Nobody has logged in on this machine, so another source may do.
    const code = /^(ENOENT|ENOTDIR)\b/.test(reason) ? 'NO_SOURCE' : 'TOKEN_UNREADABLE';
    throw new CredentialError(code, `There is no SSO token to be read in ${path}: ${reason}`, {
      hint: loginHint(source),
      cause: error,
    });
  }
}
