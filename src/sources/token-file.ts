import { type CredentialError, messageOf } from '../contract/errors.ts';
import type { Host } from '../contract/ports.ts';

/** How a token file is read, and what is said of one that cannot be. */
export interface TokenFileOptions {
  /** Where links are followed: the kubelet reaches what it projects into a pod through links of its own. */
  readonly projected: RegExp;
  unreadable(problem: string, hint: string, cause?: unknown): CredentialError;
}

/** What a token file holds, masked; of others than the kubelet's, links are refused. Throws what `unreadable` makes. */
export function readTokenFile(file: string, host: Host, { projected, unreadable }: TokenFileOptions): string {
  try {
    return host.readSecret(file, projected.test(file) ? 'followed' : 'refused');
  } catch (error) {
    const reason = messageOf(error);
    const hint = 'Give the path of a regular file that this step may read; links are refused.';
    throw unreadable(`cannot be read: ${reason}`, hint, error);
  }
}
