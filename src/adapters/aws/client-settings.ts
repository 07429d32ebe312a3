import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { Network, Service } from '../../ports.ts';
import type { Connections } from '../connections.ts';
import { requestHandler } from './request-handler.ts';
import { retryStrategy } from './retry-strategy.ts';

/** What the clients of one step are made with. */
export interface Wire {
  readonly network: Network;
  /** The same at every call. Throws INPUT_INVALID where they cannot be opened. */
  connections(): Promise<Connections>;
  /** A line for the log. */
  say(line: string): void;
  mask(secret: string): void;
}

/** What every client of one step shares. */
export interface Transport extends Wire {
  readonly requestHandler: ReturnType<typeof requestHandler>;
}

/** Connections stay open between the hops of a chain. */
export async function openTransport(wire: Wire): Promise<Transport> {
  return { ...wire, requestHandler: requestHandler(await wire.connections()) };
}

/** One operation of one service, as the user knows it. */
export interface Operation {
  readonly service: Service;
  readonly region: string;
  readonly name: string;
}

/**
 * Settings of one client for one operation. Everything that the SDK would look up in the shared config files or in the
 * environment is said here, so that it reads neither: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function clientSettings({ service, region, name }: Operation, { network, requestHandler, say }: Transport) {
  const { attempts, endpoints, variants = [], userAgent = [['aws-credential-step']] } = network;
  const endpoint = endpoints[service];
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ignoreConfiguredEndpointUrls: true,
    maxAttempts: attempts,
    retryMode: 'standard',
    retryStrategy: retryStrategy({ name, attempts, say }),
    defaultsMode: 'standard',
    authSchemePreference: async (): Promise<string[]> => [],
    disableClockSkewCorrection: false,
    sigv4aSigningRegionSet: async () => undefined,
    useDualstackEndpoint: variants.includes('dualstack'),
    useFipsEndpoint: variants.includes('fips'),
    userAgentAppId: async () => undefined,
    customUserAgent: userAgent.map(([product, version]) => (version === undefined ? [product] : [product, version])),
    requestHandler,
  } satisfies STSClientConfig;
}
