import { invalidInput } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';

/** The parts of a role's ARN that matter here. */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly name: string;
}

/** AWS's limit for a role that another role's session assumes, in seconds. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
export const chainedSessionLimit = 3600;

const roleName = /^(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/;
// A path may hold commas, but a list separated by commas is not a path.
const roleArn = /^(?!.*,arn:)arn:(aws(?:-[a-z]+)*):iam::(\d{12}):role\/((?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64})$/;

/** The parts of a role's ARN, or undefined where the text is not one. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition, account, name] = roleArn.exec(text) ?? [];
  return partition && account && name ? { partition, account, name } : undefined;
}

/** Whether the text is a role's ARN or a role's name. */
export function isRole(text: string): boolean {
  return text.startsWith('arn:') ? parseRoleArn(text) !== undefined : roleName.test(text);
}

/** Throws INPUT_INVALID unless the text is a role's ARN or a role's name. */
export function checkRole(input: string, role: string): void {
  if (isRole(role)) return;
  throw invalidInput(
    input,
    `holds "${role}", which is neither a role ARN nor a role name.`,
    'Write arn:aws:iam::111122223333:role/NAME, or the NAME alone; several roles go on a line each.',
  );
}

/** What a refusal of the input calls the hop, such as `hop 2 of 2 (line 4)` or `staging, hop 2 of 2 (line 4)`. */
export function placeOf({ label, line, profile }: Pick<Hop, 'label' | 'line' | 'profile'>): string {
  const ofProfile = label.startsWith('hop') ? `${profile}, ${label}` : profile;
  const place = profile === undefined ? label : ofProfile;
  return line === undefined ? `${place}` : `${place} (line ${line})`;
}

/** The hop for the log, such as `222222222222/target (external id, 2 tags)`; never a secret. */
export function describeHop(hop: Hop): string {
  const { role, externalId, sourceIdentity, mfa, tags = [], inlinePolicy, managedPolicies = [] } = hop;
  const extras = [
    externalId === undefined ? [] : 'external id',
    sourceIdentity === undefined ? [] : 'source identity',
    mfa === undefined ? [] : 'MFA',
    inlinePolicy === undefined && managedPolicies.length === 0 ? [] : 'session policy',
    tags.length === 0 ? [] : `${tags.length} ${tags.length === 1 ? 'tag' : 'tags'}`,
  ].flat();
  return extras.length === 0 ? shortName(role) : `${shortName(role)} (${extras.join(', ')})`;
}

/** `account/name`, with the partition before it where it is not the common one. */
function shortName(role: string): string {
  const { partition, account, name } = parseRoleArn(role) ?? {};
  if (account === undefined) return role;
  return `${partition === 'aws' ? '' : `${partition}:`}${account}/${name}`;
}
