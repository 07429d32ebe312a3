import { asCredentialError } from '../contract/errors.ts';
import type { JobFolder } from '../contract/job-folder.ts';
import { type RenewalPorts, serveSession } from './renew.ts';

/** What a credential process needs of the world. */
export interface CommandPorts extends Omit<RenewalPorts, 'folder'> {
  open(path: string): JobFolder;
  /** To stdout, which tools parse. */
  print(text: string): void;
  /** To stderr, which most tools show. */
  complain(text: string): void;
}

/**
 * Runs as the credential process of the folder and the key in `words`. Prints one JSON document or nothing; returns the
 * exit code. https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export async function renewalCommand(words: readonly string[], ports: CommandPorts): Promise<0 | 1> {
  const [path = '', key] = words;
  try {
    const { now, resolve, open } = ports;
    // A .cmd passes an empty word for a key that there is not.
    ports.print(await serveSession({ now, resolve, folder: open(path) }, key || undefined));
    return 0;
  } catch (error) {
    const { code, message, hint } = asCredentialError(error);
    ports.complain(`${code}: ${message}\n${hint}\n`);
    return 1;
  }
}
