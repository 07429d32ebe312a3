import type { MetadataBearer } from '@smithy/types';
import type { Credentials } from '../../contract/credentials.ts';
import type { Network, Service } from '../../contract/ports.ts';
import type { Connections } from '../http/connections.ts';
import type { HttpContext } from '../http/context.ts';
import { type AttemptResult, retry } from '../http/retry.ts';
import { send, type WireResponse } from '../http/send.ts';
import type { Clock } from './clock.ts';
import { failureKindOf, failureReason } from './failure-kind.ts';
import type { Codec, SerializedRequest } from './protocols/codec.ts';
import { serviceEndpoint } from './service-endpoint.ts';
import type { RequestSubject } from './translate-error.ts';

/** What the calls of one step share. */
export interface CallContext extends HttpContext {
  readonly clock: Clock;
}

/** One operation of one service. */
export interface Call {
  readonly service: Service;
  readonly region: string;
  readonly subject: RequestSubject;
  readonly codec: Codec;
  readonly schema: Parameters<Codec['serialize']>[0];
  /** The operation's parameters. */
  readonly input: object;
  /** The keys that sign the request; without them it is not signed. */
  readonly signer?: Credentials | undefined;
  /** Additional headers, which are signed too. */
  readonly headers?: Network['stsHeaders'] | undefined;
}

/** Milliseconds. */
const limits = { connectTimeoutMs: 5000, timeoutMs: 10_000 } as const;

/** The response of AWS. Throws CredentialError after the last attempt. */
export async function call<Output extends MetadataBearer>(wanted: Call, context: CallContext): Promise<Output> {
  const { subject } = wanted;
  const { log, network } = context;
  const connections = await context.connections();
  const options = { name: subject.logName ?? subject.name, attempts: network.attempts, log };
  const result = await retry(options, () => attempt<Output>(wanted, context, connections));
  if ('output' in result) return result.output;
  // Lazy import: most calls succeed.
  const { translate } = await import('./translate-error.ts');
  throw translate(result.error, subject);
}

type Attempt<Output> = AttemptResult & ({ readonly output: Output } | { readonly error: unknown });

async function attempt<Output extends MetadataBearer>(
  wanted: Call,
  context: CallContext,
  connections: Connections,
): Promise<Attempt<Output>> {
  try {
    const response = await send({ ...(await requestFor(wanted, context)), ...limits, connections });
    return await read(response, wanted, context);
  } catch (error) {
    return { failure: failureKindOf(error), error, reason: failureReason(error) };
  }
}

async function requestFor(wanted: Call, { network, clock }: CallContext): Promise<SerializedRequest> {
  const { service, region, codec, schema, input, signer, headers = [] } = wanted;
  const { url, signingRegion } = serviceEndpoint(service, region, network);
  const written = await codec.serialize(schema, input, url);
  const added = { ...commonHeaders(written, network), ...Object.fromEntries(headers) };
  const request = { ...written, headers: { ...written.headers, ...added } };
  if (signer === undefined) return request;
  const { sign } = await import('./protocols/signature.ts');
  const signing = { service, region: signingRegion, credentials: signer, date: clock.now() };
  return { ...request, headers: await sign(request, signing) };
}

/** The headers of every request; CloudTrail shows the user agent. */
function commonHeaders(
  { url, body }: SerializedRequest,
  { userAgent = [['aws-credential-step']] }: Network,
): SerializedRequest['headers'] {
  const words = userAgent.map(([product, version]) => (version === undefined ? product : `${product}#${version}`));
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return { host: url.host, 'user-agent': words.join(' '), ...length };
}

async function read<Output extends MetadataBearer>(
  response: WireResponse,
  wanted: Call,
  { clock }: CallContext,
): Promise<Attempt<Output>> {
  try {
    const output = await wanted.codec.deserialize<Output>(wanted.schema, response);
    return { failure: 'permanent', output, reason: '' };
  } catch (error) {
    const known = withStatus(error, response);
    const reason = failureReason(known);
    // Trust the date of AWS only: a 5xx may come from a proxy.
    if (wanted.signer !== undefined && response.status < 500 && clock.correct(response.headers.date)) {
      return { failure: 'transient', error: known, reason: `${reason}; this machine's clock is wrong; using AWS time` };
    }
    return { failure: failureKindOf(known), error: known, reason };
  }
}

/** An error from the service has its status; an error from parsing the response does not. */
function withStatus(error: unknown, { status }: WireResponse): unknown {
  const lacksStatus = error instanceof Error && !('$metadata' in error);
  return lacksStatus ? Object.assign(error, { $metadata: { httpStatusCode: status } }) : error;
}
