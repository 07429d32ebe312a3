import { deflateRawSync } from 'node:zlib';
import { WireError } from '../http/wire-error.ts';
import { parseArn } from '../iam/arn.ts';
import { isMapping } from '../world/shape.ts';
import { members } from './form.ts';

// The real format and its limit are not published; this many bytes, deflated, come close to the percentages that people report.
const limit = 1024;

function checkDocument(policy: string): void {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    throw new WireError(400, 'MalformedPolicyDocument', 'This policy contains invalid Json');
  }
  if (!isMapping(document) || typeof document.Statement !== 'object' || document.Statement === null) {
    throw new WireError(400, 'MalformedPolicyDocument', 'Syntax errors in policy.');
  }
}

/** Checks a request's session policies, and says how much of the space for them and the tags they take, in percent; undefined for none. */
export function packedPolicySize(
  form: URLSearchParams,
  tags: Readonly<Record<string, string>> = {},
): number | undefined {
  const policy = form.get('Policy');
  const arns = members(form, 'PolicyArns').map((member) => member.get('arn') ?? '');
  const wrong = arns.find((arn) => !parseArn(arn)?.resource.startsWith('policy/'));
  if (policy !== null) checkDocument(policy);
  if (wrong !== undefined) throw new WireError(400, 'ValidationError', `ARN ${wrong} is not valid.`);

  const hasPolicies = policy !== null || arns.length > 0;
  if (!hasPolicies && Object.keys(tags).length === 0) return undefined;
  const bytes = deflateRawSync(JSON.stringify([policy, arns, tags])).length;
  const percent = Math.ceil((bytes / limit) * 100);
  if (percent > 100) {
    const message = hasPolicies
      ? `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
      : `Packed size of session tags consumes ${percent}% of allotted space.`;
    throw new WireError(400, 'PackedPolicyTooLarge', message);
  }
  return percent;
}
