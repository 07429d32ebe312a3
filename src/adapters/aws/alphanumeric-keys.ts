import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';

/** Assumes a role, and where the hop asks for it again until the keys are letters and digits; so often at most as a request may be tried. */
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
  const message = `The role (${label}) was assumed ${times}, and each time its secret access key held a special character`;
  return new CredentialError('SERVICE_UNAVAILABLE', message, {
    hint: 'Raise "retry-max-attempts" (three in four secrets hold one), or leave "special-characters-workaround" out.',
  });
}
