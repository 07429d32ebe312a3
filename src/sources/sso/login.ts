import { createHash } from 'node:crypto';
import { CredentialError, messageOf } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import { NotAToken, parseSsoToken, type SsoToken, secretsInSsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { SsoSource } from './settings.ts';

/** A token, and the text that contains it. */
export interface LoadedToken {
  readonly token: SsoToken;
  readonly text: string;
}

/** The CLI's cache file of a login, by the name of its session or, in the legacy form, by its start URL. */
export function cacheFile(login: string): string {
  return `~/.aws/sso/cache/${createHash('sha1').update(login).digest('hex')}.json`;
}

/** The token's name in messages. */
export function nameOfToken({ token }: SsoSource): string {
  return token.from === 'input' ? 'The token in "sso-token"' : `The SSO token in ${token.path}`;
}

/** The commands that replace the token where it is stored. */
export function loginHint(source: SsoSource, token?: SsoToken): string {
  const login = `aws sso login${optionOf(source)}`;
  if (source.token.from === 'cache') return `Log in on this machine: ${login}`;
  const { sessionName, startUrl } = source;
  const known = sessionName ?? startUrl;
  const file = known === undefined ? '~/.aws/sso/cache/HASH.json' : cacheFile(known);
  const commands = `${login} && gh secret set NAME < ${file}`;
  return `Log in again and store the new token in the secret behind "sso-token", here NAME: ${commands}${fileNote(source, token)}`;
}

function optionOf({ profile, sessionName }: SsoSource): string {
  if (profile !== undefined) return ` --profile ${quoteForShell(profile)}`;
  return sessionName === undefined ? '' : ` --sso-session ${quoteForShell(sessionName)}`;
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A note on the file's name, which is by the session's name if the login has one, as all that can be refreshed do. */
function fileNote({ sessionName, startUrl }: SsoSource, token: SsoToken | undefined): string {
  if (sessionName !== undefined) return '';
  if (startUrl === undefined) {
    return ' (HASH is the SHA-1 of the sso-session name, or of the start URL if there is none; with "source-profile" or "sso-start-url", this message shows it)';
  }
  return token?.refreshToken === undefined ? '' : ' (with an sso-session, the file is named by the SHA-1 of its name)';
}

/** The token of the source, from the input or the cache file, masked. Throws CredentialError. */
export function loadToken(source: SsoSource, host: Host): LoadedToken {
  if (source.token.from === 'input') {
    const { text } = source.token;
    return { text, token: parseSsoToken(text) };
  }
  const text = readCacheFile(source, source.token.path, host);
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

/** Reads the cache file of the CLI; links are followed, as the CLI does. */
function readCacheFile(source: SsoSource, path: string, host: Host): string {
  try {
    return host.readSecret(host.files.locate(path), 'followed', secretsInSsoToken).trim();
  } catch (error) {
    const reason = messageOf(error);
    // Nobody has logged in on this machine, so another source may be used.
    const code = /^(ENOENT|ENOTDIR)\b/.test(reason) ? 'NO_SOURCE' : 'TOKEN_UNREADABLE';
    throw new CredentialError(code, `The SSO token in ${path} cannot be read: ${reason}`, {
      hint: loginHint(source),
      cause: error,
    });
  }
}
