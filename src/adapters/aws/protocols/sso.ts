import { GetRoleCredentials$, ListAccountRoles$, ListAccounts$ } from '@aws-sdk/client-sso';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.ts';

/** The operations that are asked for: each is a GET without a body. */
export const operations = {
  getRoleCredentials: GetRoleCredentials$,
  listAccountRoles: ListAccountRoles$,
  listAccounts: ListAccounts$,
} as const;

/** As the SDK has it. */
const nullIsAbsent = (_name: string, value: unknown): unknown => value ?? undefined;

/**
 * Requests by the SDK's schemas, and answers as the JSON that they are. The SDK's protocol for this can do far more, and
 * would double the code that comes with this source; it is asked to read what the portal refuses.
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
    async deserialize(schema, answer) {
      if (answer.status < 300) {
        return { ...JSON.parse(answer.body, nullIsAbsent), $metadata: { httpStatusCode: answer.status } };
      }
      const refusals = await import('./sso-refusals.ts');
      return refusals.openCodec().deserialize(schema, answer);
    },
  };
}

function requestLine(traits: Parameters<Codec['serialize']>[0][3]): readonly [method: string, path: string] {
  const [method, path] = (typeof traits === 'object' && traits.http) || [];
  if (method === undefined || path === undefined) throw new Error('an operation of the portal without a path');
  return [method, path];
}
