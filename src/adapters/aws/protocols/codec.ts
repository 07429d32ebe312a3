import { buildQueryString } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import type {
  ClientProtocol,
  HttpRequest,
  HttpResponse,
  MetadataBearer,
  SerdeFunctions,
  StaticOperationSchema,
} from '@smithy/types';
import type { WireResponse } from '../../http/send.ts';

/** A request as its service wants it, but for what is signed. */
export interface SerializedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a service's requests and answers look like on the wire. */
export interface Codec {
  serialize(schema: StaticOperationSchema, input: object, endpoint: URL): Promise<SerializedRequest>;
  /** Throws what the service says, by its name there; or what the SDK says of an answer that cannot be read. */
  deserialize<Output extends MetadataBearer>(schema: StaticOperationSchema, answer: WireResponse): Promise<Output>;
}

const functions: SerdeFunctions = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: toUtf8,
  async streamCollector() {
    throw new Error('an answer is read as a whole');
  },
};

/** A protocol of the SDK without its client, which would look for settings everywhere and say more than is asked here. */
export function codecOf(protocol: ClientProtocol<HttpRequest, HttpResponse>): Codec {
  protocol.setSerdeContext(functions);
  return {
    async serialize([, namespace, name, traits, input, output], fields, endpoint) {
      const schema = operation(namespace, name, traits, input, output);
      const { protocol: scheme, hostname, port, pathname: path } = endpoint;
      const place = { protocol: scheme, hostname, ...(port === '' ? {} : { port: Number(port) }), path };
      const request = await protocol.serializeRequest(schema, fields, {
        ...functions,
        endpoint: async () => place,
      });
      const query = buildQueryString(request.query ?? {});
      return {
        method: request.method,
        // Not resolved against the endpoint: a path that begins with two slashes would name another host. Nor is a user
        // or a password in it sent, which the SDK's clients leave out too.
        url: new URL(`${endpoint.origin}${request.path}${query === '' ? '' : `?${query}`}`),
        headers: request.headers,
        // JSON comes as bytes, and a GET without any.
        body: toUtf8(request.body ?? ''),
      };
    },
    deserialize([, namespace, name, traits, input, output], { status, headers, body }) {
      const schema = operation(namespace, name, traits, input, output);
      return protocol.deserializeResponse(schema, functions, {
        statusCode: status,
        headers: { ...headers },
        body: fromUtf8(body),
      });
    },
  };
}
