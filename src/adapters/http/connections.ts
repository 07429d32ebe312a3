import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import * as tls from 'node:tls';
import { CredentialError } from '../../contract/errors.ts';
import type { HttpProxy, Network } from '../../contract/ports.ts';
import { bypasses, readNoProxy } from '../../formats/no-proxy.ts';
import { nodeVersion } from '../machine/process.ts';
import { readCertificates } from './certificates.ts';

/** Node's agents, which open connections and keep them for the next request. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** How one host is reached: straight, or by the proxy. */
export interface HostRoute extends Agents {
  readonly proxy?: HttpProxy | undefined;
}

/** The connections of one step, for every request alike. */
export interface Connections {
  /** Throws CredentialError where this Node cannot do it. */
  routeTo(url: URL): HostRoute;
}

/** Nothing is connected yet. Throws INPUT_INVALID where AWS_CA_BUNDLE holds nothing to trust. */
export function openConnections({ proxy, certificates }: Network): Connections {
  const trust = certificates === undefined ? {} : { secureContext: trusting(readCertificates(certificates)) };
  const agents = (proxyEnv: Readonly<Record<string, string>>): Agents => ({
    // Said even where it is empty, so that no setting of Node's own sends a request another way.
    httpAgent: new HttpAgent({ keepAlive: true, proxyEnv }),
    httpsAgent: new HttpsAgent({ keepAlive: true, proxyEnv, ...trust }),
  });
  const direct = agents({});
  if (proxy === undefined) return { routeTo: () => direct };
  const noProxy = readNoProxy(proxy.bypass);
  const proxied: HostRoute = { ...agents({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url }), proxy };
  return {
    routeTo(url) {
      if (bypasses(noProxy, url)) return direct;
      checkNode(proxy);
      return proxied;
    },
  };
}

/** The usual certificates, those of NODE_EXTRA_CA_CERTS among them, and these. */
function trusting(certificates: readonly string[]): tls.SecureContext {
  // Node 20 has no such function, and there the certificates that are built in must do.
  const usual = typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates;
  return tls.createSecureContext({ ca: [...usual, ...certificates] });
}

/** An older Node would take no notice of the proxy: https://nodejs.org/api/http.html#built-in-proxy-support */
export function knowsProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

function checkNode({ origin }: HttpProxy): void {
  if (knowsProxies(nodeVersion())) return;
  const message = `${origin} asks for a proxy, which this Node.js (${nodeVersion()}) does not know how to use`;
  throw new CredentialError('INPUT_INVALID', message, {
    hint: 'Run the action with Node.js 24.5 or newer: update the runner, or under act the node on PATH.',
  });
}
