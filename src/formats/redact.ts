/** Names whose values are secret. */
const secretName = /token|secret|passw|pwd|passphrase|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth/i;

/** In characters; shorter secrets also occur in ordinary text. */
const leastLength = 6;

/** What looks like a key, a token or a hash. */
const likely = /[A-Za-z0-9+/=_.-]{32,}/g;
const accessKeyId = /\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}\b/g;

/** The text with `***` in place of each secret and of what looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = [...new Set(secrets)].filter(({ length }) => length >= leastLength);
  return known
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
    .replace(accessKeyId, '***')
    .replace(likely, (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? '***' : run));
}

/** The values of variables with the name of a secret. */
export function secretValues(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => (value && secretName.test(name) ? [value] : []));
}

/** The secret words of a command, as in `--password X` and `--token=X`. */
export function secretWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [, option = '', value] = /^([^=]*)=([\s\S]*)$/.exec(word) ?? [];
    if (value !== undefined) return secretName.test(option) ? [value] : [];
    const before = words[index - 1] ?? '';
    return /^-[^=]*$/.test(before) && secretName.test(before) ? [word] : [];
  });
}
