/** A refusal as it goes over the wire: a service's code, its wording and the HTTP status. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A bare status, with the code and wording that AWS's services give with it. */
export function plainStatus(status: number): WireError {
  if (status === 503)
    return new WireError(status, 'ServiceUnavailable', 'Service is unavailable. Please try again shortly.');
  if (status >= 500) return new WireError(status, 'InternalFailure', 'An error on the server occurred.');
  return new WireError(status, 'UnknownError', `HTTP status ${status}`);
}
