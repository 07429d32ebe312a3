import { CredentialError } from '../../contract/errors.ts';
import type { HttpProxy } from '../../contract/ports.ts';
import type { FailureKind } from './retry.ts';
import { connectionFailure, readWireError } from './wire-error.ts';

/** The codes of a connection that fails before it is past the proxy. */
const proxyCodes = /^(ERR_PROXY_TUNNEL|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/;

/** A CredentialError for a failure of the proxy; any other error unchanged. */
export function explainProxy(error: unknown, proxy: HttpProxy): unknown {
  const { code, status } = readWireError(error);
  return proxyCodes.test(code) ? proxyError(proxy, status === 0 ? code : `HTTP ${status}`, error) : error;
}

/** The error for a proxy that responds with 407. */
export function refusedByProxy(proxy: HttpProxy): CredentialError {
  return proxyError(proxy, 'HTTP 407', { statusCode: 407 });
}

/** The kind of failure of an error of the functions above. */
export function proxyFailure({ cause }: CredentialError): FailureKind {
  const wire = readWireError(cause);
  if (wire.status >= 500 || wire.status === 429) return 'transient';
  if (wire.status >= 400) return 'permanent';
  if (wire.code !== 'ERR_PROXY_TUNNEL') return connectionFailure(wire) ?? 'permanent';
  return wire.message.includes('timed out') ? 'timeout' : 'transient';
}

function proxyError({ url, origin }: HttpProxy, reason: string, cause: unknown): CredentialError {
  const { host, protocol } = new URL(url);
  const message = `the proxy ${protocol}//${host} of ${origin} failed (${reason})`;
  const hint =
    reason === 'HTTP 407'
      ? 'Provide in "http-proxy" the user and the password that the proxy requires: http://user:password@host:port.'
      : 'Check "http-proxy", and that the proxy allows this host; hosts in "no-proxy" do not use it.';
  return new CredentialError('SERVICE_UNAVAILABLE', message, { hint, cause });
}
