import type { Refuse } from '../contract/errors.ts';
import { parseJsonObject } from '../formats/json.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
const limit = { characters: 2048, arns: 10 } as const;

// A path may hold commas, but a list separated by commas is not a path.
const policyArn = /^(?!.*,arn:)arn:aws(?:-[a-z]+)*:iam::(?:aws|\d{12}):policy\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,128}$/;

/** Checks an inline session policy: JSON as far as STS will take it. Throws what `refuse` makes. */
export function checkInlinePolicy(policy: string, refuse: Refuse): string {
  if (policy.length > limit.characters) {
    const hint = 'Shorten it, or move what it says to a managed policy and name that in "managed-session-policies".';
    throw refuse(`has ${policy.length} characters, and AWS takes ${limit.characters}.`, hint);
  }
  if (parseJsonObject(policy) === undefined) {
    const hint = `Write a policy such as {"Version":"2012-10-17","Statement":[…]}; "jq ." shows where JSON is broken.`;
    throw refuse('is not a JSON object.', hint);
  }
  if (/^[\t\n\r\x20-\xff]+$/.test(policy)) return policy;
  throw refuse('holds a character that AWS takes in no session policy.', 'Use letters of Latin-1 only.');
}

/** Checks the ARNs of managed session policies. Throws what `refuse` makes. */
export function checkManagedPolicies(arns: readonly string[], refuse: Refuse): readonly string[] {
  const wrong = arns.find((arn) => !policyArn.test(arn));
  if (wrong !== undefined) {
    const hint = 'Write one ARN a line, such as arn:aws:iam::aws:policy/ReadOnlyAccess.';
    throw refuse(`holds ${JSON.stringify(wrong.slice(0, 128))}, which is not the ARN of a policy.`, hint);
  }
  if (arns.length <= limit.arns) return arns;
  throw refuse(`holds ${arns.length} ARNs, and AWS takes ${limit.arns}.`, 'Join some of the policies into one.');
}
