/** The parts of an SDK error that classification and translation look at. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  /** The system's code of a connection error, such as ECONNRESET; empty where there is none. */
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The service's or the SDK's word that it passes by itself. */
  readonly passing: boolean;
}

/** Reads an SDK error: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/error-handling.html */
export function readWireError(error: unknown): WireError {
  const fields = fieldsOf(error);
  const {
    name = 'Error',
    message = '',
    code = '',
  } = {
    name: text(fields.get('name')) || (error instanceof Error ? error.name : undefined),
    message: error instanceof Error ? error.message : String(error),
    code: text(fields.get('code')),
  };
  const status = fieldsOf(fields.get('$metadata')).get('httpStatusCode');
  return {
    name,
    message,
    code,
    status: typeof status === 'number' ? status : 0,
    passing: fields.get('$retryable') !== undefined,
  };
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
