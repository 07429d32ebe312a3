import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';

/** The assumed role's session; if the hop requires it, the role is assumed again until the keys are letters and digits, at most `attempts` times. */
export async function withAlphanumericKeys(
  { label, specialCharacters }: Hop,
  attempts: number,
  assume: () => Promise<Retrieved>,
): Promise<Retrieved> {
  for (let attempt = 1; ; attempt += 1) {
    const retrieved = await assume();
    const { accessKeyId, secretAccessKey } = retrieved.credentials;
    if (specialCharacters === undefined || /^[A-Za-z0-9]+$/.test(accessKeyId + secretAccessKey)) return retrieved;
    if (attempt >= attempts) throw neverAlphanumeric(label, attempts);
  }
}

function neverAlphanumeric(label: string, attempts: number): CredentialError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  const message = `The role (${label}) was assumed ${times}, and its secret access key had a special character each time`;
  return new CredentialError('SERVICE_UNAVAILABLE', message, {
    hint: 'Raise "retry-max-attempts" (three in four secrets contain one), or omit "special-characters-workaround".',
  });
}
