/** What a post-if condition is judged by. */
export interface Circumstances {
  readonly env: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

const statusFunctions: Readonly<Record<string, (seen: Circumstances) => boolean>> = {
  'always()': () => true,
  'success()': ({ failed }) => !failed,
  'failure()': ({ failed }) => failed,
  'cancelled()': () => false,
};

function operand(text: string, { env }: Circumstances): string {
  const variable = /^env\.([\w-]+)$|^env\['([^']+)'\]$/.exec(text);
  if (variable !== null) return env[variable[1] ?? variable[2] ?? ''] ?? '';
  const literal = /^'((?:[^']|'')*)'$/.exec(text);
  if (literal !== null) return (literal[1] ?? '').replaceAll("''", "'");
  if (/^(true|false)$/.test(text)) return text;
  throw new Error(`post-if: the emulated runner does not know "${text}"`);
}

// Expressions compare text without regard to case: 'TRUE' == 'true' holds on GitHub.
const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function term(text: string, seen: Circumstances): boolean {
  const status = statusFunctions[text.replaceAll(' ', '')];
  if (status !== undefined) return status(seen);
  const [left = '', operator, right = ''] = text.split(/\s*(==|!=)\s*/);
  if (operator === '==') return same(operand(left, seen), operand(right, seen));
  if (operator === '!=') return !same(operand(left, seen), operand(right, seen));
  if (text.startsWith('!')) return !term(text.slice(1).trim(), seen);
  const value = operand(text, seen);
  return value !== '' && value !== 'false';
}

/** Whether a condition holds. Knows status functions, env, text, ==, !=, !, && and ||; no brackets. Throws on anything else. */
export function holds(condition: string, seen: Circumstances): boolean {
  const bare = condition.trim().replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  return bare.split('||').some((either) => either.split('&&').every((part) => term(part.trim(), seen)));
}
