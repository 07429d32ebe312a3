import { within } from '../deadline.ts';
import { CredentialError } from '../errors.ts';
import { delayBeforeNextTry, retryLine, type Trouble } from '../retry.ts';
import type { Connections } from './connections.ts';
import { get } from './get.ts';
import { proxyTrouble } from './proxy-error.ts';
import { connectionTrouble, isCertificateTrouble, readWireError, untrustedHint } from './wire-error.ts';

/** Where ID tokens come from, and how the request for one is made. */
export interface Issuer {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly url: string;
  readonly requestToken: string;
  readonly attempts: number;
  readonly connections: Connections;
  mask(secret: string): void;
  say(line: string): void;
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
  const began = Date.now();
  for (let failures = 1; ; failures += 1) {
    const outcome = await ask(url, issuer);
    if ('token' in outcome) {
      issuer.mask(outcome.token);
      return outcome.token;
    }
    const { trouble, error, reason } = outcome;
    const elapsed = Date.now() - began;
    const delay = delayBeforeNextTry({ trouble, failures, elapsed, attempts: issuer.attempts, random: Math.random() });
    if (delay === undefined) throw error;
    issuer.say(retryLine(name, reason, { failures, delay }));
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

function addressOf({ url }: Issuer, audience: string): URL {
  const whole = `${url}${url.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`;
  if (URL.canParse(whole)) return new URL(whole);
  throw new CredentialError('ID_TOKEN_UNAVAILABLE', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL', {
    hint: 'Leave it as the runner sets it where the job has "permissions: id-token: write".',
  });
}

interface Failure {
  readonly trouble: Trouble;
  readonly error: CredentialError;
  /** For the log. */
  readonly reason: string;
}

/** Milliseconds for one whole answer, connecting included. */
const patience = 10_000;

async function ask(url: URL, issuer: Issuer): Promise<{ readonly token: string } | Failure> {
  const abandon = new AbortController();
  const headers = { accept: 'application/json', authorization: `Bearer ${issuer.requestToken}` };
  try {
    const answer = get({ url, headers, connections: issuer.connections, signal: abandon.signal });
    const { status, body } = await within(answer, patience, timedOut);
    const token = status >= 200 && status < 300 ? tokenIn(body) : undefined;
    return token === undefined ? refused(status) : { token };
  } catch (error) {
    return failed(error);
  } finally {
    abandon.abort();
  }
}

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const token = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}

function timedOut(): CredentialError {
  return new CredentialError('TIMED_OUT', `${name} did not answer within ${patience / 1000} s`, { hint: later });
}

function refused(status: number): Failure {
  const reason = `HTTP ${status}`;
  if (status >= 400 && status < 500 && status !== 429) {
    const hint = 'Check that the job has "permissions: id-token: write" and that it has not been cancelled.';
    const error = new CredentialError('ID_TOKEN_UNAVAILABLE', `GitHub refused the job an ID token (${reason})`, {
      hint,
    });
    return { trouble: 'final', error, reason };
  }
  const passing = status === 429 || status >= 500;
  const why = passing ? reason : 'no usable answer';
  const error = new CredentialError('SERVICE_UNAVAILABLE', `${name} gave no ID token (${why})`, { hint: later });
  return { trouble: passing ? 'passing' : 'final', error, reason: why };
}

function failed(error: unknown): Failure {
  if (error instanceof CredentialError) {
    const known = error.code === 'SERVICE_UNAVAILABLE';
    const ours = known ? new CredentialError(error.code, `${name} is out of reach: ${error.message}`, error) : error;
    const trouble = error.code === 'TIMED_OUT' ? 'silent' : known ? proxyTrouble(error) : 'final';
    return { trouble, error: ours, reason: error.message };
  }
  const wire = readWireError(error);
  const reason = wire.code || wire.name;
  const hint = isCertificateTrouble(wire) ? untrustedHint : unreachable;
  const ours = new CredentialError('SERVICE_UNAVAILABLE', `${name} gave no ID token (${reason})`, {
    hint,
    cause: error,
  });
  return { trouble: connectionTrouble(wire) ?? 'final', error: ours, reason };
}
