import { CredentialError } from '../../../contract/errors.ts';
import { readEndpointError } from '../../../formats/endpoint-credentials.ts';
import { proxyTrouble } from '../../http/proxy-error.ts';
import { type Answer, type Request, send } from '../../http/send.ts';
import { lastOf, type Outcome, type Tries } from '../../http/tries.ts';
import { connectionTrouble, isCertificateTrouble, readWireError, untrustedHint } from '../../http/wire-error.ts';

/** A request to an endpoint that hands out credentials to its machine. */
export interface EndpointRequest extends Request, Tries {
  /** What to do where nothing answers there. */
  readonly hint: string;
  /** What is done where nothing listens, or what listens does not answer. */
  readonly silence: 'final' | 'tried again';
}

/** An answer, whatever it tells of; or an error that says why none came. */
interface Asked extends Outcome {
  readonly answer: Answer | CredentialError;
}

const later = 'Run the job again; if it stays so, look at the machine and at what listens there.';

/** The endpoint's answer, whatever its status; a 429 or a 5xx only after the tries that there are. Throws CredentialError where no answer came. */
export async function askEndpoint(request: EndpointRequest): Promise<Answer> {
  const { answer } = await lastOf(request, async () => {
    const asked = await ask(request);
    return asked.trouble === 'silent' && request.silence === 'final' ? { ...asked, trouble: 'final' } : asked;
  });
  if (answer instanceof CredentialError) throw answer;
  return answer;
}

/** What an answer other than 200 means: SERVICE_UNAVAILABLE, ACCESS_DENIED with the endpoint's own words, or PROTOCOL_ERROR. */
export function refusedBy(
  name: string,
  { status, body }: Pick<Answer, 'status' | 'body'>,
  hint: string,
): CredentialError {
  if (passes({ status }))
    return new CredentialError('SERVICE_UNAVAILABLE', `${name} failed (HTTP ${status})`, { hint: later });
  if (status < 400) return malformed(name, `is HTTP ${status}`);
  const words = readEndpointError(body);
  const message = `${name} refused the request (HTTP ${status}${words === '' ? '' : `, ${words}`})`;
  return new CredentialError('ACCESS_DENIED', message, { hint });
}

/** PROTOCOL_ERROR for an answer that is none; the problem is a clause about it that quotes nothing. */
export function malformed(name: string, problem: string): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} gave an answer that ${problem}`, {
    hint: 'Check that what listens there hands out AWS credentials, and in the form that the AWS SDKs read.',
  });
}

/** Throws TOKEN_EXPIRED where the credentials have ended already. */
export function checkEnd(expiration: Date | undefined, name: string): void {
  if (expiration === undefined || expiration.getTime() > Date.now()) return;
  throw new CredentialError(
    'TOKEN_EXPIRED',
    `${name} handed out credentials that ended at ${expiration.toISOString()}`,
    {
      hint: "Check the machine's clock, and the agent that should have renewed them.",
    },
  );
}

function passes({ status }: Pick<Answer, 'status'>): boolean {
  return status === 429 || status >= 500;
}

async function ask(request: EndpointRequest): Promise<Asked> {
  try {
    const answer = await send(request);
    return { trouble: passes(answer) ? 'passing' : 'final', answer, reason: `HTTP ${answer.status}` };
  } catch (error) {
    return error instanceof CredentialError ? known(error, request) : failed(error, request);
  }
}

function known(error: CredentialError, { name }: EndpointRequest): Asked {
  const reason = error.message;
  if (error.code !== 'SERVICE_UNAVAILABLE') return { trouble: 'final', answer: error, reason };
  const ours = new CredentialError(error.code, `${name} is out of reach: ${reason}`, error);
  return { trouble: proxyTrouble(error), answer: ours, reason };
}

/** What Node says where a connection was never made. */
const unreached = /^(ECONNREFUSED|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EACCES|EPERM)$/;

function failed(error: unknown, { name, hint, patience }: EndpointRequest): Asked {
  const wire = readWireError(error);
  if (wire.name === 'TimeoutError') {
    const message = `${name} did not answer within ${patience / 1000} s`;
    const late = new CredentialError('TIMED_OUT', message, { hint: later });
    return { trouble: 'silent', answer: late, reason: 'no answer' };
  }
  const reason = wire.code || wire.message;
  const trouble = connectionTrouble(wire) ?? 'final';
  const of = (answer: CredentialError): Asked => ({ trouble, answer, reason });
  if (unreached.test(wire.code)) {
    const message = `${name} cannot be reached (${reason})`;
    return of(new CredentialError('NO_SOURCE', message, { hint, cause: error }));
  }
  // Node's word for a connection that ends within an answer.
  if (wire.message === 'aborted') return of(malformed(name, 'was cut short'));
  const untrusted = isCertificateTrouble(wire);
  if (trouble === 'final' && !untrusted) return of(malformed(name, `could not be read (${reason})`));
  const message = `${name} gave no answer (${reason})`;
  return of(
    new CredentialError('SERVICE_UNAVAILABLE', message, { hint: untrusted ? untrustedHint : later, cause: error }),
  );
}
