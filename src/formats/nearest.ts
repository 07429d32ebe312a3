/** The most similar word of the list, by edit distance. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const plain = bare(text);
  return words.toSorted((a, b) => distance(plain, bare(a)) - distance(plain, bare(b)))[0];
}

/** Normalizes spelling: `roleArn`, `role_arn` and `ROLE-ARN` are equal. */
function bare(text: string): string {
  return text.slice(0, 64).toLowerCase().replace(/[_-]/g, '');
}

/** https://en.wikipedia.org/wiki/Levenshtein_distance, a row at a time. */
function distance(a: string, b: string): number {
  const start = Array.from({ length: b.length + 1 }, (_, index) => index);
  const last = Array.from(a).reduce<readonly number[]>((above, letter, row) => {
    let left = row + 1;
    const rest = Array.from(b).map((other, column) => {
      const change = (above[column] ?? 0) + (letter === other ? 0 : 1);
      left = Math.min(left + 1, (above[column + 1] ?? 0) + 1, change);
      return left;
    });
    return [row + 1, ...rest];
  }, start);
  return last.at(-1) ?? 0;
}
