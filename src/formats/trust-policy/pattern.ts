/**
 * Whether a pattern of IAM matches the text: `*` is any run of characters, `?` any one. Takes time of text × pattern
 * at most, for a policy may hold any pattern.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  // Where the last `*` is, and how far what it takes reaches.
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next;
      taken = at;
      next += 1;
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Whether the text holds a wildcard. */
export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** The six parts of an ARN; undefined if the text has fewer. The last part may hold colons. */
export function arnParts(text: string): readonly string[] | undefined {
  const [prefix, partition, service, region, account, ...resource] = text.split(':');
  if (resource.length === 0) return undefined;
  return [prefix ?? '', partition ?? '', service ?? '', region ?? '', account ?? '', resource.join(':')];
}

/** Whether a pattern of an ARN matches, part by part. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN */
export function matchesArn(text: string, pattern: string): boolean {
  const parts = arnParts(text);
  const wanted = arnParts(pattern);
  return parts !== undefined && wanted !== undefined && parts.every((part, i) => matchesPattern(part, wanted[i] ?? ''));
}
