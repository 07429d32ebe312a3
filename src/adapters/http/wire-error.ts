import type { FailureKind } from './retry.ts';

/** The parts of an error that are classified and translated. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  /** The system's code of a connection error, such as ECONNRESET; empty if there is none. */
  readonly code: string;
  /** HTTP status, of the service or a proxy; 0 if there was no response. */
  readonly status: number;
  /** The service or the SDK marks it as retryable. */
  readonly transient: boolean;
}

/** Reads an error of Node or of the SDK: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/error-handling.html */
export function readWireError(error: unknown): WireError {
  const fields = fieldsOf(error);
  const {
    name = 'Error',
    message = '',
    code = '',
  } = {
    // Own fields come from the body and may be of any type.
    name: text(fields.get('name')) || (error instanceof Error ? text(error.name) : undefined),
    message: messageFrom(error, text(fields.get('error_description'))),
    code: text(fields.get('code')),
  };
  const status = fieldsOf(fields.get('$metadata')).get('httpStatusCode') ?? fields.get('statusCode');
  return {
    name,
    message,
    code,
    status: typeof status === 'number' ? status : 0,
    transient: fields.get('$retryable') !== undefined,
  };
}

/** The kind of a connection failure by its system code; undefined for other errors. */
export function connectionFailure(wire: WireError): FailureKind | undefined {
  if (isCertificateError(wire)) return 'permanent';
  if (wire.code === 'ECONNRESET' || wire.code === 'EPIPE') return 'transient';
  return wire.name === 'TimeoutError' || /^E[A-Z_]+$/.test(wire.code) ? 'timeout' : undefined;
}

/** The hint if a certificate is not trusted. */
export const untrustedHint =
  "If a proxy or a private endpoint uses its own certificate authority, set AWS_CA_BUNDLE to a file with that authority's certificate.";

/** Whether Node refused the certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function isCertificateError({ code }: WireError): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^HOSTNAME_MISMATCH$/.test(code);
}

/** The message. OAuth's is in `error_description`, which the SDK does not read: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function messageFrom(error: unknown, description: string | undefined): string {
  const message = error instanceof Error ? (text(error.message) ?? '') : String(error);
  return (message === 'UnknownError' && description) || message;
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
