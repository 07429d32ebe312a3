import { invalidInput } from './errors.ts';
import type { Inputs } from './inputs.ts';
import type { Env, Network } from './ports.ts';

/** Reads how AWS is reached. Throws INPUT_INVALID. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export function readNetwork(inputs: Inputs, env: Env): Network {
  const attempts = inputs.flag('disable-retry', false) ? 1 : (inputs.count('retry-max-attempts') ?? 12);
  const fromEnv = (service: string) => env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL || undefined;
  const sts = inputs.optional('sts-endpoint');
  return {
    attempts,
    endpoints: {
      sts:
        sts === undefined
          ? checked('AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL', fromEnv('STS'))
          : checked('sts-endpoint', sts),
      sso: checked('AWS_ENDPOINT_URL_SSO or AWS_ENDPOINT_URL', fromEnv('SSO')),
    },
  };
}

function checked(origin: string, url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return url;
  throw invalidInput(
    origin,
    'is not an http or https URL.',
    'Write, for example, https://sts.us-east-1.amazonaws.com.',
  );
}
