import { createHash } from 'node:crypto';
import type { SsoToken } from '../../formats/sso-token.ts';
import type { SsoSource } from './sso.ts';

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
  return `Log in again and store the new token in the secret behind "sso-token", here NAME: ${commands}${remarkOn(source, token)}`;
}

function optionOf({ profile, sessionName }: SsoSource): string {
  if (profile !== undefined) return ` --profile ${quotedForShell(profile)}`;
  return sessionName === undefined ? '' : ` --sso-session ${quotedForShell(sessionName)}`;
}

function quotedForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The file's name is by the session's name where the login has one, as all have that can be refreshed. */
function remarkOn({ sessionName, startUrl }: SsoSource, token: SsoToken | undefined): string {
  if (sessionName !== undefined) return '';
  if (startUrl === undefined) {
    return ' (HASH is the sha1 of the name of the sso-session, or where there is none of the start URL; "source-profile" or "sso-start-url" tells it)';
  }
  return token?.refreshToken === undefined ? '' : ' (with an sso-session, the file of the sha1 of its name instead)';
}
