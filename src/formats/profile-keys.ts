/** The keys of a profile's credentials, which count from one file together. */
export const credentialKeys = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
] as const;

/** The key whose value is a whole command. */
export const commandKey = 'credential_process';

/** The keys whose value is the name of a section, and which kind of section that is. */
export const nameKeys: ReadonlyMap<string, 'profile' | 'sso-session' | 'services'> = new Map([
  ['source_profile', 'profile'],
  ['sso_session', 'sso-session'],
  ['services', 'services'],
]);

/** The keys that this step reads. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
export const knownKeys: ReadonlySet<string> = new Set([
  ...credentialKeys,
  ...nameKeys.keys(),
  commandKey,
  'aws_account_id',
  'ca_bundle',
  'credential_source',
  'duration_seconds',
  'ec2_instance_profile_name',
  'ec2_metadata_service_endpoint',
  'ec2_metadata_service_endpoint_mode',
  'ec2_metadata_v1_disabled',
  'endpoint_url',
  'external_id',
  'ignore_configured_endpoint_urls',
  'imds_use_ipv6',
  'login_session',
  'max_attempts',
  'metadata_service_num_attempts',
  'metadata_service_timeout',
  'mfa_serial',
  'region',
  'retry_mode',
  'role_arn',
  'role_session_name',
  'sso_account_id',
  'sso_region',
  'sso_registration_scopes',
  'sso_role_name',
  'sso_start_url',
  'sts_regional_endpoints',
  'use_dualstack_endpoint',
  'use_fips_endpoint',
  'web_identity_token_file',
]);
