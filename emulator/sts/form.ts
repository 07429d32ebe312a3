import type { Inbound } from '../http/exchange.ts';

/** The parameters of a request of AWS's query protocol: the body's, and the query's for a GET. */
export function readForm({ method, query, body }: Inbound): URLSearchParams {
  return method === 'GET' ? query : new URLSearchParams(body);
}

/** The members of a list, in order of their numbers: `NAME.member.N` as a text, `NAME.member.N.FIELD` as fields. */
export function members(form: URLSearchParams, name: string): readonly ReadonlyMap<string, string>[] {
  const list = new Map<number, Map<string, string>>();
  for (const [key, value] of form) {
    const [, position, field = ''] = key.startsWith(`${name}.`) ? (/\.member\.(\d+)(?:\.(\w+))?$/.exec(key) ?? []) : [];
    if (position === undefined) continue;
    const member = list.get(Number(position)) ?? new Map<string, string>();
    list.set(Number(position), member.set(field, value));
  }
  return [...list].sort(([one], [other]) => one - other).map(([, member]) => member);
}
