import type { Network, Service } from '../contract/ports.ts';
import { findSection, type Profile, type Profiles } from '../contract/profiles.ts';
import { parseHttpUrl } from '../formats/patterns.ts';

/** What a `[services …]` section calls each. */
const services: Readonly<Record<Service, string>> = {
  sts: 'sts',
  sso: 'sso',
  'sso-oidc': 'sso_oidc',
  'cognito-identity': 'cognito_identity',
};

/**
 * The endpoints that a profile gives: its `[services …]` section by service, else its `endpoint_url` for all. Throws INPUT_INVALID.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function readProfileEndpoints(profile: Profile, profiles: Profiles): Network['endpoints'] {
  if (profile.get('ignore_configured_endpoint_urls')?.toLowerCase() === 'true') return {};
  const name = profile.get('services');
  const section = name === undefined ? undefined : findSection(profiles.services, name);
  if (name !== undefined && section === undefined) {
    throw profile.refuse(
      'services',
      `names [services ${name}], which is not in the file.`,
      'Add that section, or remove the key.',
    );
  }
  const shared = checkEndpoint(profile.get('endpoint_url'), 'endpoint_url', profile);
  const found = Object.entries(services).flatMap(([service, key]) => {
    const url = checkEndpoint(section?.(`${key}.endpoint_url`), 'services', profile) ?? shared;
    return url === undefined ? [] : [[service, url] as const];
  });
  return Object.fromEntries(found);
}

function checkEndpoint(url: string | undefined, key: string, profile: Profile): string | undefined {
  if (url === undefined || parseHttpUrl(url) !== undefined) return url;
  throw profile.refuse(
    key,
    'gives an endpoint that is not an http or https URL.',
    'Write, for example, https://sts.us-east-1.amazonaws.com.',
  );
}
