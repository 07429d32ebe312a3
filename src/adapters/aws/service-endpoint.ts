import type { Network, Service } from '../../contract/ports.ts';
import { partition } from './protocols/partitions.ts';

/** A service's URL, and the region that requests to it are signed for. */
export interface Endpoint {
  readonly url: URL;
  readonly signingRegion: string;
}

/** The prefix of each service's host name. */
const hosts: Readonly<Record<Service, string>> = {
  sts: 'sts',
  sso: 'portal.sso',
  'sso-oidc': 'oidc',
  'cognito-identity': 'cognito-identity',
};

/** The legacy form of a FIPS endpoint: `fips-us-east-1`, `us-east-1-fips`. */
const fipsRegion = /^fips-|-fips$/;

/** The endpoint of a service in a region. https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function serviceEndpoint(
  service: Service,
  requested: string,
  { endpoints, variants = [] }: Pick<Network, 'endpoints' | 'variants'>,
): Endpoint {
  const region = requested.replace(fipsRegion, '');
  // Only STS has a global endpoint: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
  const isGlobal = service === 'sts' && region === 'aws-global';
  const signingRegion = isGlobal ? 'us-east-1' : region;
  const given = endpoints[service];
  if (given !== undefined) return { url: new URL(given), signingRegion };
  const wanted = region === requested ? variants : [...variants, 'fips' as const];
  const host = isGlobal && wanted.length === 0 ? 'sts.amazonaws.com' : hostOf(service, region, wanted);
  return { url: new URL(`https://${host}`), signingRegion };
}

/** Every partition has both variants; these are the exceptions. A test compares all of it with the SDK's rules. */
function hostOf(service: Service, region: string, variants: NonNullable<Network['variants']>): string {
  const { name, dnsSuffix, dualStackDnsSuffix } = partition(region);
  const fips = variants.includes('fips');
  const dualStack = variants.includes('dualstack');
  const isCognito = service === 'cognito-identity';
  const fipsByDefault = name === 'aws-us-gov' && !dualStack && !isCognito;
  const dualStackByDefault = isCognito && name === 'aws' && (!fips || /^us-(east|west)-[12]$/.test(region));
  const suffix = dualStack && !dualStackByDefault ? dualStackDnsSuffix : dnsSuffix;
  return `${hosts[service]}${fips && !fipsByDefault ? '-fips' : ''}.${region}.${suffix}`;
}
