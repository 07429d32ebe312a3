import { CredentialError } from '../../../contract/errors.ts';
import { readEndpointError } from '../../../formats/endpoint-credentials.ts';
import { proxyFailure } from '../../http/proxy-error.ts';
import { type AttemptResult, type RetryOptions, retry } from '../../http/retry.ts';
import { send, type WireRequest, type WireResponse } from '../../http/send.ts';
import { connectionFailure, isCertificateError, readWireError, untrustedHint } from '../../http/wire-error.ts';

/** A request to a credentials endpoint of the machine. */
export interface EndpointRequest extends WireRequest, RetryOptions {
  /** The hint if nothing responds. */
  readonly hint: string;
  /** Whether a timeout or a refused connection is retried. */
  readonly onTimeout: 'permanent' | 'retry';
}

/** A response of any status, or why there is none. */
interface EndpointAttempt extends AttemptResult {
  readonly response: WireResponse | CredentialError;
}

const later = 'Run the job again; if the problem persists, check the machine and the endpoint.';

/** The endpoint's response of any status, a 429 or 5xx only after the last attempt. Throws CredentialError if there is no response. */
export async function askEndpoint(request: EndpointRequest): Promise<WireResponse> {
  const { response } = await retry(request, async () => {
    const result = await attempt(request);
    return result.failure === 'timeout' && request.onTimeout === 'permanent'
      ? { ...result, failure: 'permanent' }
      : result;
  });
  if (response instanceof CredentialError) throw response;
  return response;
}

/** The error for a status other than 200: SERVICE_UNAVAILABLE, ACCESS_DENIED with the endpoint's message, or PROTOCOL_ERROR. */
export function endpointRefused(
  name: string,
  { status, body }: Pick<WireResponse, 'status' | 'body'>,
  hint: string,
): CredentialError {
  if (isTransient({ status }))
    return new CredentialError('SERVICE_UNAVAILABLE', `${name} failed (HTTP ${status})`, { hint: later });
  if (status < 400) return invalidResponse(name, `has the status HTTP ${status}`);
  const message = readEndpointError(body);
  const refusal = `${name} refused the request (HTTP ${status}${message === '' ? '' : `, ${message}`})`;
  return new CredentialError('ACCESS_DENIED', refusal, { hint });
}

/** PROTOCOL_ERROR for an invalid response; the problem is a clause that does not quote it. */
export function invalidResponse(name: string, problem: string): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} returned a response that ${problem}`, {
    hint: 'Check that the endpoint returns AWS credentials in the format that the AWS SDKs read.',
  });
}

/** Throws TOKEN_EXPIRED if the credentials have expired. */
export function checkExpiration(expiration: Date | undefined, name: string): void {
  if (expiration === undefined || expiration.getTime() > Date.now()) return;
  throw new CredentialError(
    'TOKEN_EXPIRED',
    `${name} returned credentials that expired at ${expiration.toISOString()}`,
    {
      hint: "Check the machine's clock, and the agent that renews them.",
    },
  );
}

function isTransient({ status }: Pick<WireResponse, 'status'>): boolean {
  return status === 429 || status >= 500;
}

async function attempt(request: EndpointRequest): Promise<EndpointAttempt> {
  try {
    const response = await send(request);
    return { failure: isTransient(response) ? 'transient' : 'permanent', response, reason: `HTTP ${response.status}` };
  } catch (error) {
    return error instanceof CredentialError ? known(error, request) : failed(error, request);
  }
}

function known(error: CredentialError, { name }: EndpointRequest): EndpointAttempt {
  const reason = error.message;
  if (error.code !== 'SERVICE_UNAVAILABLE') return { failure: 'permanent', response: error, reason };
  const ours = new CredentialError(error.code, `${name} cannot be reached: ${reason}`, error);
  return { failure: proxyFailure(error), response: ours, reason };
}

/** The codes of Node if no connection was made. */
const unreached = /^(ECONNREFUSED|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EACCES|EPERM)$/;

function failed(error: unknown, { name, hint, timeoutMs }: EndpointRequest): EndpointAttempt {
  const wire = readWireError(error);
  if (wire.name === 'TimeoutError') {
    const message = `${name} did not respond within ${timeoutMs / 1000} s`;
    const late = new CredentialError('TIMED_OUT', message, { hint: later });
    return { failure: 'timeout', response: late, reason: 'no response' };
  }
  const reason = wire.code || wire.message;
  const failure = connectionFailure(wire) ?? 'permanent';
  const of = (response: CredentialError): EndpointAttempt => ({ failure, response, reason });
  if (unreached.test(wire.code)) {
    const message = `${name} cannot be reached (${reason})`;
    return of(new CredentialError('NO_SOURCE', message, { hint, cause: error }));
  }
  // Node reports "aborted" if the connection closes within a response.
  if (wire.message === 'aborted') return of(invalidResponse(name, 'was cut short'));
  const untrusted = isCertificateError(wire);
  if (failure === 'permanent' && !untrusted) return of(invalidResponse(name, `could not be read (${reason})`));
  const message = `${name} did not respond (${reason})`;
  return of(
    new CredentialError('SERVICE_UNAVAILABLE', message, { hint: untrusted ? untrustedHint : later, cause: error }),
  );
}
