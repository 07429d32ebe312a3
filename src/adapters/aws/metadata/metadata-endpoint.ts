import { CredentialError } from '../../../contract/errors.ts';
import { readEndpointError } from '../../../formats/endpoint-credentials.ts';
import { proxyFailure } from '../../http/proxy-error.ts';
import { send, type WireRequest, type WireResponse } from '../../http/send.ts';
import { type AttemptResult, type RetryOptions, retry } from '../../http/tries.ts';
import { connectionFailure, isCertificateError, readWireError, untrustedHint } from '../../http/wire-error.ts';

/** A request to an endpoint that hands out credentials to its machine. */
export interface EndpointRequest extends WireRequest, RetryOptions {
  /** What to do where nothing answers there. */
  readonly hint: string;
  /** What is done where nothing listens, or what listens does not answer. */
  readonly onTimeout: 'permanent' | 'retry';
}

/** An answer, whatever it tells of; or an error that says why none came. */
interface EndpointAttempt extends AttemptResult {
  readonly answer: WireResponse | CredentialError;
}

const later = 'Run the job again; if it stays so, look at the machine and at what listens there.';

/** The endpoint's answer, whatever its status; a 429 or a 5xx only after the tries that there are. Throws CredentialError where no answer came. */
export async function askEndpoint(request: EndpointRequest): Promise<WireResponse> {
  const { answer } = await retry(request, async () => {
    const asked = await ask(request);
    return asked.failure === 'timeout' && request.onTimeout === 'permanent'
      ? { ...asked, failure: 'permanent' }
      : asked;
  });
  if (answer instanceof CredentialError) throw answer;
  return answer;
}

/** What an answer other than 200 means: SERVICE_UNAVAILABLE, ACCESS_DENIED with the endpoint's own words, or PROTOCOL_ERROR. */
export function endpointRefused(
  name: string,
  { status, body }: Pick<WireResponse, 'status' | 'body'>,
  hint: string,
): CredentialError {
  if (isTransient({ status }))
    return new CredentialError('SERVICE_UNAVAILABLE', `${name} failed (HTTP ${status})`, { hint: later });
  if (status < 400) return invalidResponse(name, `is HTTP ${status}`);
  const words = readEndpointError(body);
  const message = `${name} refused the request (HTTP ${status}${words === '' ? '' : `, ${words}`})`;
  return new CredentialError('ACCESS_DENIED', message, { hint });
}

/** PROTOCOL_ERROR for an answer that is none; the problem is a clause about it that quotes nothing. */
export function invalidResponse(name: string, problem: string): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} gave an answer that ${problem}`, {
    hint: 'Check that what listens there hands out AWS credentials, and in the form that the AWS SDKs read.',
  });
}

/** Throws TOKEN_EXPIRED where the credentials have ended already. */
export function checkExpiration(expiration: Date | undefined, name: string): void {
  if (expiration === undefined || expiration.getTime() > Date.now()) return;
  throw new CredentialError(
    'TOKEN_EXPIRED',
    `${name} handed out credentials that ended at ${expiration.toISOString()}`,
    {
      hint: "Check the machine's clock, and the agent that should have renewed them.",
    },
  );
}

function isTransient({ status }: Pick<WireResponse, 'status'>): boolean {
  return status === 429 || status >= 500;
}

async function ask(request: EndpointRequest): Promise<EndpointAttempt> {
  try {
    const answer = await send(request);
    return { failure: isTransient(answer) ? 'transient' : 'permanent', answer, reason: `HTTP ${answer.status}` };
  } catch (error) {
    return error instanceof CredentialError ? known(error, request) : failed(error, request);
  }
}

function known(error: CredentialError, { name }: EndpointRequest): EndpointAttempt {
  const reason = error.message;
  if (error.code !== 'SERVICE_UNAVAILABLE') return { failure: 'permanent', answer: error, reason };
  const ours = new CredentialError(error.code, `${name} is out of reach: ${reason}`, error);
  return { failure: proxyFailure(error), answer: ours, reason };
}

/** What Node says where a connection was never made. */
const unreached = /^(ECONNREFUSED|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EACCES|EPERM)$/;

function failed(error: unknown, { name, hint, timeoutMs }: EndpointRequest): EndpointAttempt {
  const wire = readWireError(error);
  if (wire.name === 'TimeoutError') {
    const message = `${name} did not answer within ${timeoutMs / 1000} s`;
    const late = new CredentialError('TIMED_OUT', message, { hint: later });
    return { failure: 'timeout', answer: late, reason: 'no answer' };
  }
  const reason = wire.code || wire.message;
  const trouble = connectionFailure(wire) ?? 'permanent';
  const of = (answer: CredentialError): EndpointAttempt => ({ failure: trouble, answer, reason });
  if (unreached.test(wire.code)) {
    const message = `${name} cannot be reached (${reason})`;
    return of(new CredentialError('NO_SOURCE', message, { hint, cause: error }));
  }
  // Node's word for a connection that ends within an answer.
  if (wire.message === 'aborted') return of(invalidResponse(name, 'was cut short'));
  const untrusted = isCertificateError(wire);
  if (trouble === 'permanent' && !untrusted) return of(invalidResponse(name, `could not be read (${reason})`));
  const message = `${name} gave no answer (${reason})`;
  return of(
    new CredentialError('SERVICE_UNAVAILABLE', message, { hint: untrusted ? untrustedHint : later, cause: error }),
  );
}
