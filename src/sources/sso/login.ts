import { createHash } from 'node:crypto';
import { CredentialError, messageOf } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import { NotAToken, parseSsoToken, type SsoToken, secretsInSsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { SsoSource } from './settings.ts';

/** A token, and the text that it stands in. */
export interface LoadedToken {
  readonly token: SsoToken;
  readonly text: string;
}

/** Where the CLI keeps the token of a login, by the name of its session or, in the legacy form, by its start URL. */
export function cacheFile(login: string): string {
  return `~/.aws/sso/cache/${createHash('sha1').update(login).digest('hex')}.json`;
}

/** What the token is called in messages. */
export function nameOfToken({ token }: SsoSource): string {
  return token.from === 'input' ? 'The token in "sso-token"' : `The SSO token in ${token.path}`;
}

/** The commands that get a new token to where this one came from. */
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

/** The file's name is by the session's name where the login has one, as all have that can be refreshed. */
function fileNote({ sessionName, startUrl }: SsoSource, token: SsoToken | undefined): string {
  if (sessionName !== undefined) return '';
  if (startUrl === undefined) {
    return ' (HASH is the sha1 of the name of the sso-session, or where there is none of the start URL; "source-profile" or "sso-start-url" tells it)';
  }
  return token?.refreshToken === undefined ? '' : ' (with an sso-session, the file of the sha1 of its name instead)';
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

/** The CLI's file, and those of other tools, which only ever read it. */
function readCacheFile(source: SsoSource, path: string, host: Host): string {
  try {
    return host.readSecret(host.files.locate(path), 'followed', secretsInSsoToken).trim();
  } catch (error) {
    const reason = messageOf(error);
    // Nobody has logged in on this machine, so another source may do.
    const code = /^(ENOENT|ENOTDIR)\b/.test(reason) ? 'NO_SOURCE' : 'TOKEN_UNREADABLE';
    throw new CredentialError(code, `There is no SSO token to be read in ${path}: ${reason}`, {
      hint: loginHint(source),
      cause: error,
    });
  }
}
