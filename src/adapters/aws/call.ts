import type { MetadataBearer } from '@smithy/types';
import type { Credentials } from '../../contract/credentials.ts';
import type { Network, Service } from '../../contract/ports.ts';
import type { Connections } from '../http/connections.ts';
import type { HttpContext } from '../http/context.ts';
import { send, type WireResponse } from '../http/send.ts';
import { type AttemptResult, retry } from '../http/tries.ts';
import type { Clock } from './clock.ts';
import { failureKindOf, reasonOf } from './failure-kind.ts';
import type { Codec, SerializedRequest } from './protocols/codec.ts';
import { serviceEndpoint } from './service-endpoint.ts';
import type { Subject } from './translate-error.ts';

/** What the calls of one step share. */
export interface CallContext extends HttpContext {
  readonly clock: Clock;
}

/** One operation of one service. */
export interface Call {
  readonly service: Service;
  readonly region: string;
  readonly subject: Subject;
  readonly codec: Codec;
  readonly schema: Parameters<Codec['serialize']>[0];
  /** What the operation takes, by its names. */
  readonly input: object;
  /** Whose keys sign; without them the request is not signed. */
  readonly signer?: Credentials | undefined;
  /** Beside what the operation itself wants, and under the signature. */
  readonly headers?: Network['stsHeaders'] | undefined;
}

/** Milliseconds. */
const limits = { connectTimeoutMs: 5000, timeoutMs: 10_000 } as const;

/** The answer of AWS. Throws CredentialError, after the tries that there are. */
export async function call<Output extends MetadataBearer>(wanted: Call, wire: CallContext): Promise<Output> {
  const { subject } = wanted;
  const { log, network } = wire;
  const connections = await wire.connections();
  const tries = { name: subject.name, attempts: network.attempts, log };
  const outcome = await retry(tries, () => attempt<Output>(wanted, wire, connections));
  if ('output' in outcome) return outcome.output;
  // Most calls go well.
  const { translate } = await import('./translate-error.ts');
  throw translate(outcome.error, subject);
}

type Attempt<Output> = AttemptResult & ({ readonly output: Output } | { readonly error: unknown });

async function attempt<Output extends MetadataBearer>(
  wanted: Call,
  wire: CallContext,
  connections: Connections,
): Promise<Attempt<Output>> {
  try {
    const answer = await send({ ...(await requestFor(wanted, wire)), ...limits, connections });
    return await read(answer, wanted, wire);
  } catch (error) {
    return { failure: failureKindOf(error), error, reason: reasonOf(error) };
  }
}

async function requestFor(wanted: Call, { network, clock }: CallContext): Promise<SerializedRequest> {
  const { service, region, codec, schema, input, signer, headers = [] } = wanted;
  const { url, signingRegion } = serviceEndpoint(service, region, network);
  const written = await codec.serialize(schema, input, url);
  const beside = { ...commonHeaders(written, network), ...Object.fromEntries(headers) };
  const request = { ...written, headers: { ...written.headers, ...beside } };
  if (signer === undefined) return request;
  const { sign } = await import('./protocols/signature.ts');
  const signing = { service, region: signingRegion, credentials: signer, date: clock.now() };
  return { ...request, headers: await sign(request, signing) };
}

/** What every request says; CloudTrail shows who asks. */
function commonHeaders(
  { url, body }: SerializedRequest,
  { userAgent = [['aws-credential-step']] }: Network,
): SerializedRequest['headers'] {
  const words = userAgent.map(([product, version]) => (version === undefined ? product : `${product}#${version}`));
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return { host: url.host, 'user-agent': words.join(' '), ...length };
}

async function read<Output extends MetadataBearer>(
  answer: WireResponse,
  wanted: Call,
  { clock }: CallContext,
): Promise<Attempt<Output>> {
  try {
    const output = await wanted.codec.deserialize<Output>(wanted.schema, answer);
    return { failure: 'permanent', output, reason: '' };
  } catch (error) {
    const known = withStatus(error, answer);
    const reason = reasonOf(known);
    // Only what AWS has judged tells its time: a 5xx may come from anybody on the way.
    if (wanted.signer !== undefined && answer.status < 500 && clock.correct(answer.headers.date)) {
      return { failure: 'transient', error: known, reason: `${reason}; this machine's clock is wrong, AWS's is taken` };
    }
    return { failure: failureKindOf(known), error: known, reason };
  }
}

/** What the service itself says tells the status; what could not be read does not. */
function withStatus(error: unknown, { status }: WireResponse): unknown {
  const silent = error instanceof Error && !('$metadata' in error);
  return silent ? Object.assign(error, { $metadata: { httpStatusCode: status } }) : error;
}
