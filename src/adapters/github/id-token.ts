import { CredentialError } from '../../contract/errors.ts';
import { parseJsonObject } from '../../formats/json.ts';
import type { Connections } from '../http/connections.ts';
import type { HttpContext } from '../http/context.ts';
import { proxyFailure } from '../http/proxy-error.ts';
import { type AttemptResult, retry } from '../http/retry.ts';
import { send } from '../http/send.ts';
import { connectionFailure, isCertificateError, readWireError, untrustedHint } from '../http/wire-error.ts';

/** The job's ID token endpoint, and how to request a token. */
export interface Issuer extends Omit<HttpContext, 'network'> {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly url: string;
  readonly requestToken: string;
  readonly attempts: number;
}

const name = "GitHub's ID token endpoint";
const later = 'Run the job again; if the problem persists, see https://www.githubstatus.com.';
const unreachable =
  'Run the job again. If ACTIONS_ID_TOKEN_REQUEST_URL names your own endpoint, as under act, check that it is running.';

/**
 * The job's ID token, masked. Throws CredentialError. Not by @actions/core, which has its own retries, proxy rules and
 * timeouts: https://docs.github.com/actions/reference/security/oidc
 */
export async function requestIdToken(audience: string, issuer: Issuer): Promise<string> {
  const url = requestUrl(issuer, audience);
  const { attempts, log, mask } = issuer;
  const connections = await issuer.connections();
  const result = await retry({ name, attempts, log }, () => attempt(url, issuer.requestToken, connections));
  if ('error' in result) throw result.error;
  mask(result.token);
  return result.token;
}

function requestUrl({ url }: Issuer, audience: string): URL {
  const whole = `${url}${url.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`;
  if (URL.canParse(whole)) return new URL(whole);
  throw new CredentialError('ID_TOKEN_UNAVAILABLE', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL', {
    hint: 'Do not change it: the runner sets it if the job has "permissions: id-token: write".',
  });
}

interface Failure extends AttemptResult {
  readonly error: CredentialError;
}

/** Milliseconds for one whole response, including connecting. */
const timeoutMs = 10_000;

type TokenAttempt = Failure | (AttemptResult & { readonly token: string });

async function attempt(url: URL, requestToken: string, connections: Connections): Promise<TokenAttempt> {
  const headers = { accept: 'application/json', authorization: `Bearer ${requestToken}` };
  try {
    const { status, body } = await send({ url, headers, connections, timeoutMs });
    const token = status >= 200 && status < 300 ? tokenIn(body) : undefined;
    return token === undefined ? refused(status) : { failure: 'permanent', reason: '', token };
  } catch (error) {
    return failed(error);
  }
}

function tokenIn(body: string): string | undefined {
  const token = parseJsonObject(body)?.get('value');
  return typeof token === 'string' && token !== '' ? token : undefined;
}

function refused(status: number): Failure {
  const reason = `HTTP ${status}`;
  if (status >= 400 && status < 500 && status !== 429) {
    const hint = 'Check that the job has "permissions: id-token: write" and that it has not been cancelled.';
    const error = new CredentialError('ID_TOKEN_UNAVAILABLE', `GitHub refused the job an ID token (${reason})`, {
      hint,
    });
    return { failure: 'permanent', error, reason };
  }
  const transient = status === 429 || status >= 500;
  const why = transient ? reason : 'an invalid response';
  const error = new CredentialError('SERVICE_UNAVAILABLE', `${name} returned no ID token (${why})`, { hint: later });
  return { failure: transient ? 'transient' : 'permanent', error, reason: why };
}

function failed(error: unknown): Failure {
  if (error instanceof CredentialError) {
    const known = error.code === 'SERVICE_UNAVAILABLE';
    const wrapped = known
      ? new CredentialError(error.code, `${name} cannot be reached: ${error.message}`, error)
      : error;
    return { failure: known ? proxyFailure(error) : 'permanent', error: wrapped, reason: error.message };
  }
  const wire = readWireError(error);
  if (wire.name === 'TimeoutError') {
    const message = `${name} did not respond within ${timeoutMs / 1000} s`;
    return { failure: 'timeout', error: new CredentialError('TIMED_OUT', message, { hint: later }), reason: message };
  }
  const reason = wire.code || wire.name;
  const hint = isCertificateError(wire) ? untrustedHint : unreachable;
  const wrapped = new CredentialError('SERVICE_UNAVAILABLE', `${name} returned no ID token (${reason})`, {
    hint,
    cause: error,
  });
  return { failure: connectionFailure(wire) ?? 'permanent', error: wrapped, reason };
}
