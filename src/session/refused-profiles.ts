import { CredentialError } from '../contract/errors.ts';

/** A profile, and why it has no session. */
export interface ProfileRefusal {
  readonly name: string;
  readonly error: CredentialError;
}

/** What is known of all profiles. */
interface RefusalContext {
  /** How many profiles there are. */
  readonly of: number;
  readonly sharedRole?: string | undefined;
  /** What happened to them; default: they were refused. */
  readonly verb?: string | undefined;
}

/** How many refusals get a hint. */
const hinted = 10;

/** One error for all refusals, a line each in the order of the profiles; the code is the first one's. */
export function refusedProfiles(
  refusals: readonly ProfileRefusal[],
  { of, sharedRole, verb = 'refused' }: RefusalContext,
): CredentialError {
  const [first] = refusals;
  const lines = refusals.map(({ name, error }) => `  ${name}: ${error.message}`).join('\n');
  const message = `${refusals.length} of ${of} profiles ${refusals.length === 1 ? 'was' : 'were'} ${verb}:\n${lines}`;
  const namesByHint = new Map<string, readonly string[]>();
  for (const refusal of refusals.slice(0, hinted)) {
    const hint = hintOf(refusal, sharedRole);
    namesByHint.set(hint, [...(namesByHint.get(hint) ?? []), refusal.name]);
  }
  const hints = [...namesByHint].map(([hint, names]) => (of === 1 ? hint : `${names.join(', ')}: ${hint}`));
  return new CredentialError(first?.error.code ?? 'PROTOCOL_ERROR', message, {
    hint: hints.join('\n'),
    cause: first?.error.cause,
    failedHop: first?.error.failedHop,
  });
}

/** A role that assumes itself is a common mistake for using its session. */
function hintOf({ name, error }: ProfileRefusal, sharedRole: string | undefined): string {
  const again = error.code === 'ACCESS_DENIED' && sharedRole !== undefined && error.failedHop?.roleArn === sharedRole;
  return again ? `This is the shared role; to get its session, write "${name}: {}". ${error.hint}` : error.hint;
}
