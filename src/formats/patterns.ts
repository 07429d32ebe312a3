/** Whether it has the form of an access key, a secret or a token: printable ASCII without spaces. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

/** Whether it is a 12-digit account ID. */
export function isAccountId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{12}$/.test(value);
}

/** A region's name, such as eu-west-1. */
export const regionPattern = /^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** The URL if the text is an absolute http or https URL without spaces; otherwise undefined. */
export function parseHttpUrl(text: string): URL | undefined {
  return /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** Every 12-digit run in a text that is not part of a longer number: what may be an account ID. */
export function accountIdsIn(text: string): readonly string[] {
  return text.match(accountIds) ?? [];
}

/** The text with `***` in place of each account ID. */
export function withoutAccountIds(text: string): string {
  return text.replace(accountIds, '***');
}

const accountIds = /(?<!\d)\d{12}(?!\d)/g;
