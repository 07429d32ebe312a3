import { roleSession } from '../iam/caller.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { MachineRole } from '../world/machines.ts';

/** Credentials as a machine is handed them, in the names that all endpoints for machines share. */
export interface HandedOut {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly Expiration: string;
}

/** Makes a session of a machine's role. */
export function handOut({ role, sessionName, sessionDuration }: MachineRole, keyring: Keyring): HandedOut {
  const session = roleSession(role, sessionName, { tags: {}, transitiveTagKeys: [] });
  const { accessKeyId, secretAccessKey, session: temporary } = keyring.issue(session, sessionDuration);
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: temporary.token,
    Expiration: temporary.expiration.toISOString().replace('.000Z', 'Z'),
  };
}
