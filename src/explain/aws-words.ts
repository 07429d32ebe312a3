/** The kind of policy that denies, as AWS names it. */
export interface AwsDenial {
  readonly kind: 'explicit' | 'implicit';
  /** Such as `service control policy`. */
  readonly policy: string;
  /** The policy's ARN, if AWS names it. */
  readonly arn?: string | undefined;
}

/** Reads the kind of policy that denies. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function awsDenial(message: string): AwsDenial | undefined {
  const [, explicit, arn] =
    /with an explicit deny in an? ([\w -]*?(?:policy|boundary))(?:: (arn:[^\s,]+))?/.exec(message) ?? [];
  if (explicit !== undefined) return { kind: 'explicit', policy: explicit, arn: arn?.replace(/\.$/, '') };
  const implicit = /because no ([\w -]*?(?:policy|boundary)) allows/.exec(message)?.[1];
  return implicit === undefined ? undefined : { kind: 'implicit', policy: implicit };
}

/** Whether AWS names a cause that the trust policy does not decide, or decides in a way that its words already name. */
export function namesItsOwnCause(message: string): boolean {
  const denial = awsDenial(message);
  if (denial !== undefined && denial.policy !== 'resource-based policy') return true;
  return /audience|No OpenIDConnect provider|sts:TagSession|sts:SetSourceIdentity|MultiFactorAuthentication|DurationSeconds/.test(
    message,
  );
}

/** What to do about a denial whose kind of policy AWS names; undefined if the trust policy or an unknown one decides. */
export function awsDenialHint(message: string): string | undefined {
  const denial = awsDenial(message);
  if (denial === undefined || denial.policy === 'resource-based policy') return undefined;
  const named = denial.arn === undefined ? `the ${denial.policy}` : `the ${denial.policy} ${denial.arn}`;
  if (/^(?:service|resource) control policy$/.test(denial.policy)) {
    return denial.kind === 'explicit'
      ? `The organization denies it by ${named}. No policy in this account can allow it; ask who runs the organization.`
      : `No ${denial.policy} of the organization allows it. No policy in this account can allow it; ask who runs the organization.`;
  }
  const owner =
    denial.policy === 'VPC endpoint policy'
      ? 'the owner of the VPC endpoint'
      : 'the owner of the credentials that sign';
  return denial.kind === 'explicit'
    ? `A Deny in ${named} applies. Ask ${owner} to change it.`
    : `No ${denial.policy} allows it. Ask ${owner} to allow the action on this role.`;
}
