import type { Retrieved } from './credentials.ts';
import { CredentialError, invalidInput } from './errors.ts';
import type { Assumption, Aws } from './ports.ts';
import { type Hop, parseRoleArn } from './role.ts';

/** A role that is assumed with a web identity token instead of a signature. */
export interface TokenRole {
  readonly region: string;
  readonly hop: Hop;
}

/** Throws INPUT_INVALID unless the role is a whole ARN: no source account is known that a bare name could stand in. */
export function checkTokenRole(input: string, hop: Hop): void {
  if (parseRoleArn(hop.role)) return;
  throw invalidInput(
    input,
    `holds the bare name "${hop.role}", but the role that is assumed with a token has no account to take it from.`,
    `Write the whole ARN: arn:aws:iam::111122223333:role/${hop.role}.`,
  );
}

/**
 * Exchanges a token for the role's session. A token that has run out on the way is minted and tried once more;
 * where minting gives the same token again there is nothing to try.
 */
export async function exchange(role: TokenRole, mint: () => Promise<string>, aws: Aws): Promise<Retrieved> {
  const assumption: Assumption = { hop: role.hop, roleArn: role.hop.role, region: role.region };
  const token = await mint();
  try {
    return await aws.assumeRoleWithWebIdentity(assumption, token);
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code !== 'TOKEN_EXPIRED') throw error;
    const fresh = await mint();
    if (fresh === token) throw error;
    return aws.assumeRoleWithWebIdentity(assumption, fresh);
  }
}
