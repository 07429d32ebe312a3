import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../__tests__/support/certificate.ts';
import { startFarEnd } from './far-end.ts';
import { startLine, type Trip } from './line.ts';

type Variables = Readonly<Record<string, string>>;

/** What lies between a contestant and the emulator: nothing, TLS, a line, or both. */
export interface Distance {
  readonly tls: boolean;
  /** Milliseconds to the host that hands out ID tokens and back, and to each of AWS's hosts and back. */
  readonly roundTrips?: readonly [github: number, aws: number] | undefined;
}

/** How much a contestant used the lines. */
export interface Traffic {
  readonly connections: number;
  readonly handshakes: number;
  /** One for a connection, one for a handshake, one for a request with its answer. */
  readonly roundTrips: number;
}

/** The ways from contestants to the emulator. */
export interface Course {
  readonly environment: Variables;
  /** What was used since the last time. */
  traffic(): Traffic;
  close(): void;
}

const isUrl = (value: string): boolean => /^https?:\/\//.test(value);

function count(): { readonly seen: (trip: Trip) => void; readonly take: () => Traffic } {
  const none = { connection: 0, handshake: 0, answer: 0 };
  let trips = { ...none };
  return {
    seen(trip) {
      trips[trip] += 1;
    },
    take() {
      const { connection, handshake, answer } = trips;
      trips = { ...none };
      return { connections: connection, handshakes: handshake, roundTrips: connection + handshake + answer };
    },
  };
}

/** Lays a line of its own to each service that the environment names, and TLS over it. Clients trust the certificate by NODE_EXTRA_CA_CERTS. */
export async function layCourse(environment: Variables, { tls, roundTrips }: Distance): Promise<Course> {
  const { seen, take } = count();
  if (!tls && roundTrips === undefined) return { environment, traffic: take, close: () => undefined };
  const [github, aws] = roundTrips ?? [0, 0];
  const folder = mkdtempSync(join(tmpdir(), 'aws-credential-step-bench-ca-'));
  const identity = tls ? selfSigned('localhost') : undefined;
  const authority = join(folder, 'ca.pem');
  if (identity !== undefined) writeFileSync(authority, identity.certificate);

  const port = Number(new URL(Object.values(environment).find(isUrl) ?? '').port);
  const farEnd = await startFarEnd({ target: port, identity, seen });
  const laid = await Promise.all(
    Object.entries(environment).map(async ([name, value]) => {
      if (!isUrl(value)) return { name, value, close: () => undefined };
      const roundTrip = name === 'ACTIONS_ID_TOKEN_REQUEST_URL' ? github : aws;
      const line = await startLine({ roundTrip, target: farEnd.port, seen });
      const { pathname, search } = new URL(value);
      return {
        name,
        value: `${tls ? 'https' : 'http'}://localhost:${line.port}${pathname}${search}`,
        close: line.close,
      };
    }),
  );
  return {
    environment: {
      ...Object.fromEntries(laid.map(({ name, value }) => [name, value])),
      ...(tls && { NODE_EXTRA_CA_CERTS: authority }),
    },
    traffic: take,
    close() {
      for (const part of [...laid, farEnd]) part.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
