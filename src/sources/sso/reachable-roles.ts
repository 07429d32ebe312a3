import { withTimeout } from '../../contract/deadline.ts';
import type { Page, PortalAccount } from '../../contract/portal.ts';
import type { Aws } from '../../contract/ports.ts';
import type { SsoSource } from './settings.ts';

/** How many accounts are shown, and how many roles of each. */
const listLimit = 20;
/** How many pages of a list are requested, and how many lists at once. */
const [pages, atOnce] = [10, 5] as const;
/** Milliseconds for the accounts, and again for their roles; short, because this only explains an error. */
const timeoutMs = 5000;

/** The accounts and roles that the token has access to, one per line; `undefined` if unknown. Never throws. */
export async function describeReachableRoles(
  accessToken: string,
  source: SsoSource,
  aws: Aws,
): Promise<string | undefined> {
  const { region } = source;
  const request = { region, accessToken };
  try {
    const { items: accounts, rest } = await withinTimeout(allOf((next) => aws.listAccounts({ ...request, ...next })));
    if (accounts.length === 0) return 'The token has access to no account.';
    // The requested account first.
    const sorted = accounts.toSorted((a, b) => Number(b.id === source.accountId) - Number(a.id === source.accountId));
    const shown = sorted.slice(0, listLimit);
    const roles = new Map<string, readonly string[]>();
    const loadRoles = async ({ id }: PortalAccount): Promise<void> => {
      const { items } = await allOf((next) => aws.listAccountRoles({ ...request, accountId: id, ...next }));
      roles.set(id, items);
    };
    // An account whose roles do not arrive in time is shown without them.
    await withinTimeout(inGroups(shown, loadRoles)).catch(() => {});
    const more = accounts.length - shown.length;
    const lines = shown.map((account) => lineOf(account, roles.get(account.id)));
    const cut = more === 0 && rest === 'none' ? [] : [`and ${rest === 'some' ? 'at least ' : ''}${more} more accounts`];
    return ['The token has access to:', ...[...lines, ...cut].map((line) => `  - ${line}`)].join('\n');
  } catch {
    return undefined;
  }
}

function lineOf({ id, name }: PortalAccount, roles: readonly string[] | undefined): string {
  const account = name === '' ? id : `${id} (${printable(name)})`;
  if (roles === undefined) return account;
  const more = roles.length > listLimit ? ` and ${roles.length - listLimit} more` : '';
  return `${account}: ${roles.slice(0, listLimit).map(printable).join(', ')}${more}`;
}

/** Names are untrusted: control characters must not break the line. */
function printable(name: string): string {
  return name.replace(/\p{Cc}+/gu, ' ').slice(0, 64);
}

/** Every page, up to a limit; `rest` is whether there are more. */
async function allOf<T>(
  request: (next: { readonly nextToken?: string | undefined }) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly rest: 'none' | 'some' }> {
  let page = await request({});
  const items = [...page.items];
  for (let count = 1; page.nextToken !== undefined && count < pages; count += 1) {
    page = await request({ nextToken: page.nextToken });
    items.push(...page.items);
  }
  return { items, rest: page.nextToken === undefined ? 'none' : 'some' };
}

/** Runs one group after another; stops at the first failure. */
async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += atOnce) {
    await Promise.all(items.slice(start, start + atOnce).map(act));
  }
}

function withinTimeout<T>(promise: Promise<T>): Promise<T> {
  return withTimeout(promise, timeoutMs, () => new Error('it took too long'));
}
