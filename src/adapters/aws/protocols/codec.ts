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

/** A request in its service's format, not yet signed. */
export interface SerializedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The wire format of a service's requests and responses. */
export interface Codec {
  serialize(schema: StaticOperationSchema, input: object, endpoint: URL): Promise<SerializedRequest>;
  /** Throws the service's error, named by its code, or the SDK's error if the response cannot be read. */
  deserialize<Output extends MetadataBearer>(schema: StaticOperationSchema, response: WireResponse): Promise<Output>;
}

const functions: SerdeFunctions = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: toUtf8,
  async streamCollector() {
    throw new Error('responses are not streamed');
  },
};

/** A protocol of the SDK without its client, which would read settings from elsewhere and add headers. */
export function codecOf(protocol: ClientProtocol<HttpRequest, HttpResponse>): Codec {
  protocol.setSerdeContext(functions);
  return {
    async serialize([, namespace, name, traits, input, output], fields, endpoint) {
      const schema = operation(namespace, name, traits, input, output);
      const { protocol: scheme, hostname, port, pathname: path } = endpoint;
      const target = { protocol: scheme, hostname, ...(port === '' ? {} : { port: Number(port) }), path };
      const request = await protocol.serializeRequest(schema, fields, {
        ...functions,
        endpoint: async () => target,
      });
      const query = buildQueryString(request.query ?? {});
      return {
        method: request.method,
        // Not resolved against the endpoint: a path that begins with two slashes would change the host. A user name or
        // password in the endpoint is not sent, as with the SDK's clients.
        url: new URL(`${endpoint.origin}${request.path}${query === '' ? '' : `?${query}`}`),
        headers: request.headers,
        // JSON bodies are bytes, and a GET has none.
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
