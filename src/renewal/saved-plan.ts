import { CredentialError } from '../contract/errors.ts';
import { parseJsonObject } from '../formats/json.ts';

/** What the step saved for those who renew its session. */
export interface SavedPlan {
  /** The account of the first session; empty if no response named it. */
  readonly account: string;
  readonly allowedAccounts?: readonly string[] | undefined;
  /** All that was saved, for the resolver to read. */
  readonly fields: ReadonlyMap<string, unknown>;
}

/** Reads `plan.json`. Throws DELIVERY_FAILED if it is damaged. */
export function readSavedPlan(text: string): SavedPlan {
  const fields = parseJsonObject(text);
  const account = fields?.get('account');
  const allowed = fields?.get('allowedAccounts');
  if (fields === undefined || typeof account !== 'string' || !(allowed === undefined || isList(allowed))) {
    throw new CredentialError(
      'DELIVERY_FAILED',
      'The file plan.json, from which the credentials are renewed, is damaged',
      {
        hint: 'Let no step write below RUNNER_TEMP/aws-credential-step, then run the job again.',
      },
    );
  }
  return { account, allowedAccounts: allowed, fields };
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
