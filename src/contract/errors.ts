import type { FailedHop } from './failed-hop.ts';

/** The closed set of codes, grouped by who must act. */
export type ErrorCode =
  // the workflow's author
  | 'INPUT_INVALID'
  | 'INPUT_CONFLICT'
  | 'NO_SOURCE'
  | 'ID_TOKEN_UNAVAILABLE'
  | 'TOKEN_UNREADABLE'
  | 'TOKEN_EXPIRED'
  // the AWS administrator
  | 'ACCESS_DENIED'
  | 'ACCOUNT_NOT_ALLOWED'
  | 'ROLE_INVALID'
  // nobody, later
  | 'SERVICE_UNAVAILABLE'
  | 'TIMED_OUT'
  // us
  | 'DELIVERY_FAILED'
  | 'SEAL_REJECTED'
  | 'PROTOCOL_ERROR';

/** The one error that users see: what failed, naming the input or the hop, and a hint that says what to do next. */
export class CredentialError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** The role that could not be assumed, if it is about one. */
  readonly failedHop: FailedHop | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'CredentialError';
    this.code = code;
    this.hint = options.hint;
    this.failedHop = options.failedHop;
  }
}

/** What an error says in addition to its message. */
interface ErrorOptions {
  readonly hint: string;
  readonly cause?: unknown;
  readonly failedHop?: FailedHop | undefined;
}

/** INPUT_INVALID for the input `name`; never give it a value that may be secret. */
export function invalidInput(name: string, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `Input "${name}" ${problem}`, { hint });
}

/** Makes the error for one place of the inputs. The problem is a clause that never quotes what may be secret. */
export type Refuse = (problem: string, hint: string) => CredentialError;

/** What went wrong, as one of ours: an error that nobody foresaw becomes PROTOCOL_ERROR with its cause kept. */
export function asCredentialError(error: unknown): CredentialError {
  if (error instanceof CredentialError) return error;
  return new CredentialError('PROTOCOL_ERROR', `Unexpected error: ${messageOf(error)}`, {
    hint: 'Run the job again with debug logging (set the variable ACTIONS_STEP_DEBUG to true) and report what it prints.',
    cause: error,
  });
}

/** The message of an error; of anything else, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Name and message of the error and of each cause below it, a line each, for the debug log. */
export function causesOf(error: unknown): readonly string[] {
  return error instanceof Error ? [`${error.name}: ${error.message}`, ...causesOf(error.cause)] : [];
}
