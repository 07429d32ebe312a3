import { GetRoleCredentials$, ListAccountRoles$, ListAccounts$ } from '@aws-sdk/client-sso';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.ts';

/** The operations in use: each is a GET without a body. */
export const operations = {
  getRoleCredentials: GetRoleCredentials$,
  listAccountRoles: ListAccountRoles$,
  listAccounts: ListAccounts$,
} as const;

/** The SDK treats null as absent too. */
const nullIsAbsent = (_name: string, value: unknown): unknown => value ?? undefined;

/**
 * Requests by the SDK's schemas, responses as plain JSON. The SDK's protocol would double the code of this source, so it
 * is loaded only to read the portal's errors.
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
export function openCodec(): Codec {
  return {
    async serialize([, , , traits, input], fields, { origin, pathname }) {
      const given = new Map(Object.entries(fields));
      const members = [...NormalizedSchema.of(input).structIterator()].flatMap(([name, member]) =>
        given.get(name) === undefined ? [] : { ...member.getMergedTraits(), value: String(given.get(name)) },
      );
      const pairs = (trait: 'httpQuery' | 'httpHeader') =>
        members.flatMap(({ [trait]: name, value }) => (name === undefined ? [] : [[name, value] as const]));
      const [method, path] = requestLine(traits);
      const query = new URLSearchParams(Object.fromEntries(pairs('httpQuery')));
      const url = new URL(`${origin}${pathname === '/' ? '' : pathname}${path}?${query}`);
      return { method, url, headers: Object.fromEntries(pairs('httpHeader')), body: '' };
    },
    async deserialize(schema, response) {
      if (response.status < 300) {
        return { ...JSON.parse(response.body, nullIsAbsent), $metadata: { httpStatusCode: response.status } };
      }
      const refusals = await import('./sso-refusals.ts');
      return refusals.openCodec().deserialize(schema, response);
    },
  };
}

function requestLine(traits: Parameters<Codec['serialize']>[0][3]): readonly [method: string, path: string] {
  const [method, path] = (typeof traits === 'object' && traits.http) || [];
  if (method === undefined || path === undefined) throw new Error('the operation has no path');
  return [method, path];
}
