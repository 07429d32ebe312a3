import { randomUUID } from 'node:crypto';
import type { Outbound } from '../http/exchange.ts';
import type { WireError } from '../http/wire-error.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** An element's content: text, or elements by name; one that is undefined is left out. */
export type Content = string | number | { readonly [name: string]: Content | undefined };

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function write(content: Content): string {
  if (typeof content !== 'object') return String(content).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
  return Object.entries(content)
    .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${write(inner)}</${name}>`))
    .join('\n');
}

function respond(status: number, root: string, requestId: string, content: Content): Outbound {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${root} xmlns="${namespace}">\n${write(content)}\n</${root}>\n`,
  };
}

/** What an operation answers, in the query protocol's form. */
export function result(operation: string, content: Content): Outbound {
  const RequestId = randomUUID();
  return respond(200, `${operation}Response`, RequestId, {
    [`${operation}Result`]: content,
    ResponseMetadata: { RequestId },
  });
}

export function refusal({ status, code, message }: WireError): Outbound {
  const RequestId = randomUUID();
  const Type = status >= 500 ? 'Receiver' : 'Sender';
  return respond(status, 'ErrorResponse', RequestId, { Error: { Type, Code: code, Message: message }, RequestId });
}
