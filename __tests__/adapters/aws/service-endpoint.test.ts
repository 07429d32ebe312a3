import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { SSOClient } from '@aws-sdk/client-sso';
import { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { serviceEndpoint } from '../../../src/adapters/aws/service-endpoint.ts';
import type { Network, Service } from '../../../src/contract/ports.ts';

/** Regions of every partition, one that AWS may yet open, and the one that is none. */
const regions = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'eu-west-1', 'eu-central-2', 'sa-east-1'],
  ...['ap-southeast-7', 'me-central-1', 'mx-central-1', 'af-south-1', 'il-central-1', 'eu-north-9', 'aws-global'],
  ...['cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-gov-east-1', 'eusc-de-east-1', 'us-iso-east-1'],
  ...['us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'],
];
const variants: readonly NonNullable<Network['variants']>[] = [[], ['fips'], ['dualstack'], ['fips', 'dualstack']];

/** What the SDK's own clients decide. */
const clients: Readonly<
  Record<Service, typeof STSClient | typeof SSOClient | typeof SSOOIDCClient | typeof CognitoIdentityClient>
> = {
  sts: STSClient,
  sso: SSOClient,
  'sso-oidc': SSOOIDCClient,
  'cognito-identity': CognitoIdentityClient,
};

const services: readonly Service[] = ['sts', 'sso', 'sso-oidc', 'cognito-identity'];

describe.each(services)('%s is asked where the SDK would ask it', (service) => {
  test.each(regions)('%s', (region) => {
    const { endpointProvider } = new clients[service]({ region }).config;
    const theirs = variants.map((asked) => {
      const parameters = { UseFIPS: asked.includes('fips'), UseDualStack: asked.includes('dualstack') };
      return endpointProvider({ Region: region, ...parameters }).url.href;
    });
    expect(
      variants.map((asked) => serviceEndpoint(service, region, { endpoints: {}, variants: asked }).url.href),
    ).toEqual(theirs);
  });
});

test('an endpoint that is given is taken as it is, and signed for the region all the same', () => {
  const endpoints = { sts: 'https://sts.internal:8443/base?x=1' };
  expect(serviceEndpoint('sts', 'eu-west-1', { endpoints })).toEqual({
    url: new URL(endpoints.sts),
    signingRegion: 'eu-west-1',
  });
});

test.each([
  ['eu-west-1', 'eu-west-1'],
  ['aws-global', 'us-east-1'],
])('%s is signed for as %s', (region, signingRegion) => {
  expect(serviceEndpoint('sts', region, { endpoints: {} })).toMatchObject({ signingRegion });
});

test.each(['fips-us-east-1', 'us-gov-west-1-fips', 'eu-west-1-fips'])(
  '%s: the FIPS endpoint, as with the SDK',
  async (asked) => {
    const { endpointProvider, region, useFipsEndpoint } = new STSClient({ region: asked }).config;
    const theirs = { Region: await region(), UseFIPS: await useFipsEndpoint() };
    expect(serviceEndpoint('sts', asked, { endpoints: {} })).toEqual({
      url: endpointProvider(theirs).url,
      signingRegion: theirs.Region,
    });
  },
);
