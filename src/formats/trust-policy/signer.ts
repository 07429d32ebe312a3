/** Who signs a request, as far as it is known. */
export type Signer =
  /** A role with its path, and the session if AWS named it. */
  | { readonly kind: 'role'; readonly arn: string; readonly session?: string | undefined }
  /** A session of a role whose path is not known. */
  | { readonly kind: 'session'; readonly arn: string; readonly role: string }
  /** An IAM user, a federated user or an account's root user; only temporary keys may have a second factor from before. */
  | { readonly kind: 'user'; readonly arn: string; readonly keys: 'long-term' | 'temporary' };

/** Partition and account of an ARN of IAM or STS; undefined if the text is not one. */
export function accountOf(arn: string): { readonly partition: string; readonly account: string } | undefined {
  const [, partition, account] = /^arn:(aws[a-z-]*):(?:iam|sts)::(\d{12}):/.exec(arn) ?? [];
  return partition && account ? { partition, account } : undefined;
}

/** The name of a role, from its ARN or from one of its sessions'; undefined if the ARN is of neither. */
export function roleNameOf(arn: string): string | undefined {
  return /:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? /:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}

/** Reads who signs from the ARN that the plan knows and the one that AWS named; the plan's has the role's path. */
export function readSigner(
  planned: string | undefined,
  named: string | undefined,
  keys: 'long-term' | 'temporary' = 'temporary',
): Signer | undefined {
  const arn = planned ?? named;
  if (arn === undefined || accountOf(arn) === undefined) return undefined;
  const role = roleNameOf(arn);
  if (role === undefined) return { kind: 'user', arn, keys };
  if (!/:assumed-role\//.test(arn)) return { kind: 'role', arn, ...(sameRole(arn, named) ? { session: named } : {}) };
  return { kind: 'session', arn, role };
}

function sameRole(arn: string, session: string | undefined): boolean {
  return session !== undefined && /:assumed-role\//.test(session) && roleNameOf(session) === roleNameOf(arn);
}
