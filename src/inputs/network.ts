import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Env, HttpProxy, Network } from '../contract/ports.ts';
import { parseHttpUrl } from '../formats/patterns.ts';
import type { Inputs } from './inputs.ts';
import { proxyVariables } from './proxy-variables.ts';
import { readUserAgent } from './user-agent.ts';
import { variableFlag } from './variable-flag.ts';

/** How services are reached, and what the user should hear about it. */
export interface NetworkSettings {
  readonly network: Network;
  readonly warnings: readonly string[];
}

/** Reads how services are reached. Throws CredentialError. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export async function readNetwork(inputs: Inputs, env: Env): Promise<NetworkSettings> {
  const wanted = inputs.count('retry-max-attempts') ?? 12;
  const attempts = inputs.flag('disable-retry', false) ? 1 : wanted;
  const endpoints = readEndpoints(inputs, env);
  const variants = readVariants(endpoints, env);
  const proxy = await proxyOf(inputs, env);
  const { words, warnings } = readUserAgent(env);
  const certificates = env.AWS_CA_BUNDLE || undefined;
  const network: Network = {
    attempts,
    endpoints,
    variants,
    userAgent: words,
    stsHeaders: await stsHeadersOf(inputs),
    proxy,
    certificates,
  };
  return { network, warnings };
}

/** What reads a proxy is loaded where something names one. */
async function proxyOf(inputs: Inputs, env: Env): Promise<HttpProxy | undefined> {
  const named = ['http-proxy', 'no-proxy'].some((name) => inputs.optional(name) !== undefined);
  if (!named && !proxyVariables.some((name) => env[name])) return undefined;
  const { readProxy } = await import('./proxy.ts');
  return readProxy(inputs, env);
}

async function stsHeadersOf(inputs: Inputs): Promise<NonNullable<Network['stsHeaders']>> {
  if (inputs.optional('sts-headers') === undefined) return [];
  const { readStsHeaders } = await import('./sts-headers.ts');
  return readStsHeaders(inputs);
}

/** The network with the endpoints that a profile brings along, where neither an input nor the environment names one. Throws INPUT_CONFLICT. */
export function withEndpoints(network: Network, brought: Network['endpoints'], env: Env): Network {
  if (variableFlag('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', env)) return network;
  const given = Object.entries(network.endpoints).filter(([, url]) => url !== undefined);
  const endpoints: Network['endpoints'] = { ...network.endpoints, ...brought, ...Object.fromEntries(given) };
  checkVariants(endpoints, network.variants ?? []);
  return { ...network, endpoints };
}

function readEndpoints(inputs: Inputs, env: Env): Network['endpoints'] {
  const ignored = variableFlag('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', env);
  const fromEnv = (service: string) =>
    ignored ? undefined : checkEndpointUrl(`AWS_ENDPOINT_URL_${service} or AWS_ENDPOINT_URL`, configured(service, env));
  const sts = inputs.optional('sts-endpoint');
  return {
    sts: sts === undefined ? fromEnv('STS') : checkEndpointUrl('sts-endpoint', sts),
    sso: fromEnv('SSO'),
    'sso-oidc': fromEnv('SSO_OIDC'),
    'cognito-identity': fromEnv('COGNITO_IDENTITY'),
  };
}

function configured(service: string, env: Env): string | undefined {
  return env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL || undefined;
}

function checkEndpointUrl(origin: string, url: string | undefined): string | undefined {
  if (url === undefined || parseHttpUrl(url) !== undefined) return url;
  throw invalidInput(
    origin,
    'is not an http or https URL.',
    'Write, for example, https://sts.us-east-1.amazonaws.com.',
  );
}

/** Which of a region's endpoints. One that is given by its URL cannot be made another, as in AWS's own tools. */
function readVariants(endpoints: Network['endpoints'], env: Env): NonNullable<Network['variants']> {
  const asked = (['fips', 'dualstack'] as const).filter((name) => variableFlag(variableOf[name], env));
  checkVariants(endpoints, asked);
  return asked;
}

function checkVariants(endpoints: Network['endpoints'], [first]: NonNullable<Network['variants']>): void {
  if (first === undefined || Object.values(endpoints).every((url) => url === undefined)) return;
  throw new CredentialError('INPUT_CONFLICT', `${variableOf[first]} is true, and an endpoint is given by its URL`, {
    hint: `Leave out ${variableOf[first]}, or "sts-endpoint" and the AWS_ENDPOINT_URL variables and what the profile gives (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: true).`,
  });
}

const variableOf = { fips: 'AWS_USE_FIPS_ENDPOINT', dualstack: 'AWS_USE_DUALSTACK_ENDPOINT' } as const;
