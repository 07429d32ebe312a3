import { withTimeout } from '../../contract/deadline.ts';
import type { Page, PortalAccount } from '../../contract/portal.ts';
import type { Aws } from '../../contract/ports.ts';
import type { SsoSource } from './settings.ts';

/** How many accounts are shown, and roles of each. */
const listLimit = 20;
/** How many pages of a list are asked for, and how many lists at once. */
const [pages, atOnce] = [10, 5] as const;
/** Milliseconds for the accounts, and again for their roles: this only explains an error that is there already. */
const timeoutMs = 5000;

/** The accounts and roles that the token reaches, a line each; `undefined` where nobody can tell. Never throws. */
export async function describeReachableRoles(
  accessToken: string,
  source: SsoSource,
  aws: Aws,
): Promise<string | undefined> {
  const { region } = source;
  const asked = { region, accessToken };
  try {
    const { items: accounts, rest } = await withinTimeout(allOf((next) => aws.listAccounts({ ...asked, ...next })));
    if (accounts.length === 0) return 'The token reaches no account.';
    // What was asked for is told first.
    const sorted = accounts.toSorted((a, b) => Number(b.id === source.accountId) - Number(a.id === source.accountId));
    const told = sorted.slice(0, listLimit);
    const roles = new Map<string, readonly string[]>();
    const learn = async ({ id }: PortalAccount): Promise<void> => {
      const { items } = await allOf((next) => aws.listAccountRoles({ ...asked, accountId: id, ...next }));
      roles.set(id, items);
    };
    // An account whose roles are not told in time is shown without them.
    await withinTimeout(inGroups(told, learn)).catch(() => {});
    const more = accounts.length - told.length;
    const lines = told.map((account) => lineOf(account, roles.get(account.id)));
    const cut = more === 0 && rest === 'none' ? [] : [`and ${rest === 'some' ? 'at least ' : ''}${more} more accounts`];
    return ['The token reaches:', ...[...lines, ...cut].map((line) => `  - ${line}`)].join('\n');
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

/** Names come from elsewhere, and a line of the log is one line. */
function printable(name: string): string {
  return name.replace(/\p{Cc}+/gu, ' ').slice(0, 64);
}

/** Every page, up to a limit; `rest` tells whether there would be more. */
async function allOf<T>(
  ask: (next: { readonly nextToken?: string | undefined }) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly rest: 'none' | 'some' }> {
  let page = await ask({});
  const items = [...page.items];
  for (let asked = 1; page.nextToken !== undefined && asked < pages; asked += 1) {
    page = await ask({ nextToken: page.nextToken });
    items.push(...page.items);
  }
  return { items, rest: page.nextToken === undefined ? 'none' : 'some' };
}

/** Group after group; one that fails ends it. */
async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += atOnce) {
    await Promise.all(items.slice(start, start + atOnce).map(act));
  }
}

function withinTimeout<T>(promise: Promise<T>): Promise<T> {
  return withTimeout(promise, timeoutMs, () => new Error('it took too long'));
}
