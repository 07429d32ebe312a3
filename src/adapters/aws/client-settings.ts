import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { Network } from '../../ports.ts';
import { retryStrategy } from './retry-strategy.ts';

/** What every client of one step shares: its connections, and how it is told to behave. */
export interface Transport {
  readonly network: Network;
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Milliseconds to connect, and to wait for an answer or for more of it. */
const connectionTimeout = 5000;
const answerTimeout = 10_000;

/** Connections stay open between the hops of a chain. */
export function openTransport(network: Network): Transport {
  return { network, httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) };
}

/**
 * Settings of one client for one operation. Everything that the SDK would look up in the shared config files or in the
 * environment is said here, so that it reads neither: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function clientSettings(service: 'sts' | 'sso', region: string, { network, httpAgent, httpsAgent }: Transport) {
  const endpoint = network.endpoints[service];
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ignoreConfiguredEndpointUrls: true,
    maxAttempts: network.attempts,
    retryMode: 'standard',
    retryStrategy: retryStrategy(network.attempts),
    defaultsMode: 'standard',
    authSchemePreference: async (): Promise<string[]> => [],
    sigv4aSigningRegionSet: async () => undefined,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: async () => undefined,
    customUserAgent: 'aws-credential-step',
    requestHandler: {
      httpAgent,
      httpsAgent,
      connectionTimeout,
      requestTimeout: answerTimeout,
      socketTimeout: answerTimeout,
      throwOnRequestTimeout: true,
    },
  } satisfies STSClientConfig;
}
