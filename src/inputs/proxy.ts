import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Env, HttpProxy } from '../contract/ports.ts';
import { readNoProxy } from '../formats/no-proxy.ts';
import type { Inputs } from './inputs.ts';
import { proxyVariables } from './proxy-variables.ts';

/** Reads the proxy and the hosts that go without it; masks the credentials in its URL. Throws INPUT_INVALID. */
export function readProxy(inputs: Inputs, env: Env): HttpProxy | undefined {
  const bypass = readBypass(inputs, env);
  const given = inputs.optional('http-proxy');
  const variable = proxyVariables.find((name) => env[name]?.trim());
  const origin = given === undefined ? variable : '"http-proxy"';
  if (origin === undefined) return undefined;
  const url = proxyUrl(given ?? env[variable ?? 'http_proxy']?.trim() ?? '');
  if (url === undefined) {
    const hint = 'Write, for example, http://proxy.example.com:8080, with a special character in a password as %40.';
    if (given !== undefined) throw invalidInput('http-proxy', 'is not the URL of an http or https proxy.', hint);
    throw new CredentialError('INPUT_INVALID', `${origin} is not the URL of an http or https proxy`, { hint });
  }
  for (const secret of credentialsIn(url)) inputs.mask(secret);
  return { url: url.href, origin, bypass };
}

function readBypass(inputs: Inputs, env: Env): string {
  const given = inputs.optional('no-proxy');
  const [junk] = readNoProxy(given ?? '').invalid;
  if (junk === undefined) return given ?? (env.no_proxy || env.NO_PROXY || '');
  throw invalidInput(
    'no-proxy',
    `holds "${junk}", which names no host.`,
    'Use host, host:port, .suffix, an address, a range such as 10.0.0.0/8, or *, separated by commas or spaces.',
  );
}

/** Without a scheme it is http, as everywhere. */
function proxyUrl(text: string): URL | undefined {
  const whole = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return /^https?:$/.test(url.protocol) && isDecodable(url) ? url : undefined;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

/** The password as it is written and as it is meant; a user without one is itself a token. */
function credentialsIn({ username, password }: URL): readonly string[] {
  const secret = password || username;
  return secret === '' ? [] : [...new Set([secret, decodeURIComponent(secret)])];
}
