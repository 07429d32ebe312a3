import { BlockList, isIP } from 'node:net';

/** Rules that name the hosts that are reached without a proxy, and what among them is no rule. */
export interface NoProxy {
  readonly rules: readonly BypassRule[];
  readonly invalid: readonly string[];
}

/** What a rule says of hosts, and the one port that it holds for; no port: any. */
interface BypassRule {
  readonly hosts: Hosts;
  readonly port?: string | undefined;
}

type Hosts =
  | { readonly are: 'all' }
  /** The host itself and everything below it. */
  | { readonly are: 'named'; readonly name: string }
  | { readonly are: 'ending'; readonly ending: string }
  | { readonly are: 'addresses'; readonly list: BlockList };

/**
 * Reads rules by comma or blank: `*`, `host` (with all that is below it), `.suffix` or `*.suffix` (only what is below),
 * an address, a CIDR range. A port may follow, after brackets where the address is IPv6.
 */
export function readNoProxy(text: string): NoProxy {
  const elements = text.toLowerCase().match(/[^\s,]+/g) ?? [];
  const read = elements.map((element) => ({ element, rule: ruleFrom(element) }));
  return {
    rules: read.flatMap(({ rule }) => rule ?? []),
    invalid: read.flatMap(({ element, rule }) => (rule === undefined ? element : [])),
  };
}

/** Whether a URL is reached without the proxy. No name is looked up: ranges are for addresses that stand in the URL. */
export function bypasses({ rules }: NoProxy, url: URL): boolean {
  const host = withoutBrackets(url.hostname.toLowerCase().replace(/\.$/, ''));
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return rules.some((rule) => (rule.port === undefined || rule.port === port) && includes(rule.hosts, host));
}

function includes(hosts: Hosts, host: string): boolean {
  switch (hosts.are) {
    case 'all':
      return true;
    case 'named':
      return host === hosts.name || (isIP(host) === 0 && host.endsWith(`.${hosts.name}`));
    case 'ending':
      return isIP(host) === 0 && host.endsWith(hosts.ending);
    case 'addresses':
      return isIP(host) !== 0 && hosts.list.check(host, familyOf(host));
  }
}

function ruleFrom(element: string): BypassRule | undefined {
  // Several colons without brackets are an IPv6 address, and no port.
  const [, host = element, port] = /^(\[[^\]]*\](?:\/\d+)?|[^:]*):(\d{1,5})$/.exec(element) ?? [];
  const hosts = hostsFrom(withoutBrackets(host));
  if (hosts === undefined || Number(port ?? 0) > 65_535) return undefined;
  return port === undefined ? { hosts } : { hosts, port: String(Number(port)) };
}

function hostsFrom(host: string): Hosts | undefined {
  const [address = '', prefix, ...rest] = host.split('/');
  if (isIP(address) !== 0) return rest.length > 0 ? undefined : addressesFrom(address, prefix);
  if (host === '*') return { are: 'all' };
  const [, star = '', name = ''] = /^(\*?)([a-z0-9._-]+)$/.exec(host.replace(/\.$/, '')) ?? [];
  if (name === '' || name === '.') return undefined;
  return star === '' && !name.startsWith('.') ? { are: 'named', name } : { are: 'ending', ending: name };
}

function addressesFrom(address: string, prefix: string | undefined): Hosts | undefined {
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(address, familyOf(address));
  else if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (isIP(address) === 4 ? 32 : 128)) return undefined;
  else list.addSubnet(address, Number(prefix), familyOf(address));
  return { are: 'addresses', list };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** `[::1]` and `[fd00::]/8` as node:net writes them. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[([^\]]*)\]/, '$1');
}
