import type { Network } from '../../contract/ports.ts';
import type { Connections } from './connections.ts';

/** What the requests of one step share. */
export interface HttpContext {
  readonly network: Network;
  /** Opened by the first request. Rejects with INPUT_INVALID if AWS_CA_BUNDLE cannot be used. */
  readonly connections: () => Promise<Connections>;
  /** Writes a line to the log. */
  log(line: string): void;
  mask(secret: string): void;
}
