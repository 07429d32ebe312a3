import type { Network, Service } from '../../contract/ports.ts';
import { partition } from './protocols/partitions.ts';

/** Where a service is asked, and for which region a request to it is signed. */
export interface Endpoint {
  readonly url: URL;
  readonly signingRegion: string;
}

/** What the names of a service's hosts begin with. */
const hosts: Readonly<Record<Service, string>> = {
  sts: 'sts',
  sso: 'portal.sso',
  'sso-oidc': 'oidc',
  'cognito-identity': 'cognito-identity',
};

/** What old tools write for a FIPS endpoint: `fips-us-east-1`, `us-east-1-fips`. */
const fipsRegion = /^fips-|-fips$/;

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function serviceEndpoint(
  service: Service,
  asked: string,
  { endpoints, variants = [] }: Pick<Network, 'endpoints' | 'variants'>,
): Endpoint {
  const region = asked.replace(fipsRegion, '');
  // The one service that is global where its region says so: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
  const isGlobal = service === 'sts' && region === 'aws-global';
  const signingRegion = isGlobal ? 'us-east-1' : region;
  const given = endpoints[service];
  if (given !== undefined) return { url: new URL(given), signingRegion };
  const wanted = region === asked ? variants : [...variants, 'fips' as const];
  const host = isGlobal && wanted.length === 0 ? 'sts.amazonaws.com' : hostOf(service, region, wanted);
  return { url: new URL(`https://${host}`), signingRegion };
}

/** Every partition has both variants, and these are the services' exceptions; a test holds all of it against the SDK's own rules. */
function hostOf(service: Service, region: string, variants: NonNullable<Network['variants']>): string {
  const { name, dnsSuffix, dualStackDnsSuffix } = partition(region);
  const fips = variants.includes('fips');
  const dualStack = variants.includes('dualstack');
  const ofCognito = service === 'cognito-identity';
  const fipsByItself = name === 'aws-us-gov' && !dualStack && !ofCognito;
  const dualByItself = ofCognito && name === 'aws' && (!fips || /^us-(east|west)-[12]$/.test(region));
  const suffix = dualStack && !dualByItself ? dualStackDnsSuffix : dnsSuffix;
  return `${hosts[service]}${fips && !fipsByItself ? '-fips' : ''}.${region}.${suffix}`;
}
