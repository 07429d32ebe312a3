import { createHash } from 'node:crypto';
import { parseRoleArn } from './arn.ts';

/** Someone with AWS credentials: an IAM user, or a session of a role. */
export interface Caller {
  readonly kind: 'user' | 'session';
  /** What GetCallerIdentity answers: the user's ARN, or the session's. */
  readonly arn: string;
  /** What policies call the caller by: the user's ARN, or the role's. */
  readonly principalArn: string;
  readonly userId: string;
  readonly account: string;
  readonly partition: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Keys of those tags that stay through every role assumed from here. */
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id as IAM makes them, always the same for one ARN. */
export function uniqueId(prefix: 'AROA' | 'AIDA', arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return prefix + Array.from(digest.subarray(0, 17), (byte) => alphabet.charAt(byte % 32)).join('');
}

/** A session of a role; throws on an ARN of anything else. */
export function roleSession(
  roleArn: string,
  sessionName: string,
  extras: Pick<Caller, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'>,
): Caller {
  const role = parseRoleArn(roleArn);
  if (!role) throw new TypeError(`${roleArn} is not the ARN of a role.`);
  return {
    kind: 'session',
    arn: `arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    principalArn: roleArn,
    userId: `${uniqueId('AROA', roleArn)}:${sessionName}`,
    account: role.account,
    partition: role.partition,
    ...extras,
  };
}
