import { CredentialError } from '../../contract/errors.ts';
import type { HttpProxy } from '../../contract/ports.ts';
import type { FailureKind } from './retry.ts';
import { connectionFailure, readWireError } from './wire-error.ts';

/** What a connection by way of a proxy fails with before the service itself is reached. */
const onTheWay = /^(ERR_PROXY_TUNNEL|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/;

/** The proxy's own failure as an error that says so; any other error as it is. */
export function explainProxy(error: unknown, proxy: HttpProxy): unknown {
  const { code, status } = readWireError(error);
  return onTheWay.test(code) ? proxyError(proxy, status === 0 ? code : `HTTP ${status}`, error) : error;
}

/** What a proxy answers, in the service's place, that wants other credentials. */
export function refusedByProxy(proxy: HttpProxy): CredentialError {
  return proxyError(proxy, 'HTTP 407', { statusCode: 407 });
}

/** What kind of trouble a proxy is in, by an error of the functions above. */
export function proxyFailure({ cause }: CredentialError): FailureKind {
  const wire = readWireError(cause);
  if (wire.status >= 500 || wire.status === 429) return 'transient';
  if (wire.status >= 400) return 'permanent';
  if (wire.code !== 'ERR_PROXY_TUNNEL') return connectionFailure(wire) ?? 'permanent';
  return wire.message.includes('timed out') ? 'timeout' : 'transient';
}

function proxyError({ url, origin }: HttpProxy, answer: string, cause: unknown): CredentialError {
  const { host, protocol } = new URL(url);
  const message = `the proxy ${protocol}//${host} of ${origin} failed (${answer})`;
  const hint =
    answer === 'HTTP 407'
      ? 'Give "http-proxy" the user and the password that the proxy asks for: http://user:password@host:port.'
      : 'Check "http-proxy", and that the proxy lets this host through; "no-proxy" names the hosts that go without it.';
  return new CredentialError('SERVICE_UNAVAILABLE', message, { hint, cause });
}
