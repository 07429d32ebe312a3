import type { Accounts } from './refusal.ts';

const longest = 200;

/** Outside text on one line, at most 200 characters: nothing in it can be a command of the log. */
export function show(text: string, accounts: Accounts = 'shown'): string {
  const escaped = withoutAccounts(text, accounts)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeOf)
    .replaceAll('##[', '#\\u0023[')
    .replace(/^(\s*):(?=:)/, '$1\\u003a');
  return escaped.length > longest ? `${escaped.slice(0, longest - 1)}…` : escaped;
}

/** A value to paste, as JSON on one line that gives the runner no command. */
export function showJson(value: unknown, accounts: Accounts = 'shown'): string {
  return withoutAccounts(JSON.stringify(value), accounts)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeOf)
    .replaceAll('##[', '#\\u0023[');
}

/** At most three of a list of values, and how many more. */
export function showList(values: readonly string[], accounts: Accounts): string {
  const first = values.slice(0, 3).map((value) => (value === '' ? '""' : show(value, accounts)));
  const more = values.length - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A cell of a Markdown table: code, which nothing within can end. */
export function tableCell(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** The text without the ids of AWS accounts, if they are hidden. */
export function withoutAccounts(text: string, accounts: Accounts): string {
  return accounts === 'hidden' ? text.replace(/(?<!\d)\d{12}(?!\d)/g, '***') : text;
}

/** The ids of AWS accounts in the text, for masks. */
export function accountIdsToMask(text: string): readonly string[] {
  return [...new Set(text.match(/(?<!\d)\d{12}(?!\d)/g) ?? [])];
}

const escapeOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
