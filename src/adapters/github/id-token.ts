import { CredentialError } from '../../contract/errors.ts';
import { parseJsonObject } from '../../formats/json.ts';
import type { Connections } from '../http/connections.ts';
import type { HttpContext } from '../http/context.ts';
import { proxyFailure } from '../http/proxy-error.ts';
import { send } from '../http/send.ts';
import { type AttemptResult, retry } from '../http/tries.ts';
import { connectionFailure, isCertificateError, readWireError, untrustedHint } from '../http/wire-error.ts';

/** Where ID tokens come from, and how the request for one is made. */
export interface Issuer extends Omit<HttpContext, 'network'> {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly url: string;
  readonly requestToken: string;
  readonly attempts: number;
}

const name = "GitHub's ID token endpoint";
const later = 'Run the job again; if it stays so, see https://www.githubstatus.com.';
const unreachable =
  'Run the job again. Where ACTIONS_ID_TOKEN_REQUEST_URL names an endpoint of your own, as under act, check that it runs.';

/**
 * The job's ID token, masked. Throws CredentialError. Asked for here and not by @actions/core, whose retries, proxy
 * rules and patience are its own: https://docs.github.com/actions/reference/security/oidc
 */
export async function requestIdToken(audience: string, issuer: Issuer): Promise<string> {
  const url = addressOf(issuer, audience);
  const { attempts, log, mask } = issuer;
  const connections = await issuer.connections();
  const outcome = await retry({ name, attempts, log }, () => ask(url, issuer.requestToken, connections));
  if ('error' in outcome) throw outcome.error;
  mask(outcome.token);
  return outcome.token;
}

function addressOf({ url }: Issuer, audience: string): URL {
  const whole = `${url}${url.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`;
  if (URL.canParse(whole)) return new URL(whole);
  throw new CredentialError('ID_TOKEN_UNAVAILABLE', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL', {
    hint: 'Leave it as the runner sets it where the job has "permissions: id-token: write".',
  });
}

interface Failure extends AttemptResult {
  readonly error: CredentialError;
}

/** Milliseconds for one whole answer, connecting included. */
const timeoutMs = 10_000;

type TokenAttempt = Failure | (AttemptResult & { readonly token: string });

async function ask(url: URL, requestToken: string, connections: Connections): Promise<TokenAttempt> {
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
  const passing = status === 429 || status >= 500;
  const why = passing ? reason : 'no usable answer';
  const error = new CredentialError('SERVICE_UNAVAILABLE', `${name} gave no ID token (${why})`, { hint: later });
  return { failure: passing ? 'transient' : 'permanent', error, reason: why };
}

function failed(error: unknown): Failure {
  if (error instanceof CredentialError) {
    const known = error.code === 'SERVICE_UNAVAILABLE';
    const ours = known ? new CredentialError(error.code, `${name} is out of reach: ${error.message}`, error) : error;
    return { failure: known ? proxyFailure(error) : 'permanent', error: ours, reason: error.message };
  }
  const wire = readWireError(error);
  if (wire.name === 'TimeoutError') {
    const message = `${name} did not answer within ${timeoutMs / 1000} s`;
    return { failure: 'timeout', error: new CredentialError('TIMED_OUT', message, { hint: later }), reason: message };
  }
  const reason = wire.code || wire.name;
  const hint = isCertificateError(wire) ? untrustedHint : unreachable;
  const ours = new CredentialError('SERVICE_UNAVAILABLE', `${name} gave no ID token (${reason})`, {
    hint,
    cause: error,
  });
  return { failure: connectionFailure(wire) ?? 'permanent', error: ours, reason };
}
