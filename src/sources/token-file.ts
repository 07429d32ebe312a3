import { type CredentialError, messageOf } from '../contract/errors.ts';
import type { Host } from '../contract/ports.ts';

/** How to read a token file. */
export interface TokenFileOptions {
  /** Paths whose links are followed: the kubelet projects files into a pod as links. */
  readonly projected: RegExp;
  unreadable(problem: string, hint: string, cause?: unknown): CredentialError;
}

/** The token in a file, masked; links are refused except in `projected` paths. Throws `unreadable`. */
export function readTokenFile(file: string, host: Host, { projected, unreadable }: TokenFileOptions): string {
  try {
    return host.readSecret(file, projected.test(file) ? 'followed' : 'refused');
  } catch (error) {
    const reason = messageOf(error);
    const hint = 'Provide the path of a regular file that this step can read; links are refused.';
    throw unreadable(`cannot be read: ${reason}`, hint, error);
  }
}
