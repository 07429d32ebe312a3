import type { FailureKind } from './retry.ts';

/** The parts of an error that classification and translation look at. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  /** The system's code of a connection error, such as ECONNRESET; empty where there is none. */
  readonly code: string;
  /** HTTP status, of the service or of a proxy; 0 where there was no answer. */
  readonly status: number;
  /** The service's or the SDK's word that it passes by itself. */
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
    // Own fields are what a body says, and that may be no text at all.
    name: text(fields.get('name')) || (error instanceof Error ? text(error.name) : undefined),
    message: wordsOf(error, text(fields.get('error_description'))),
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

/** The trouble that a system's code tells of; undefined where there is no such code. */
export function connectionFailure(wire: WireError): FailureKind | undefined {
  if (isCertificateError(wire)) return 'permanent';
  if (wire.code === 'ECONNRESET' || wire.code === 'EPIPE') return 'transient';
  return wire.name === 'TimeoutError' || /^E[A-Z_]+$/.test(wire.code) ? 'timeout' : undefined;
}

/** What to do where a certificate is not trusted. */
export const untrustedHint =
  "Where a proxy or a private endpoint has a certificate of its own authority, name a file with that authority's certificate in AWS_CA_BUNDLE.";

/** What Node says of a certificate that it does not trust: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function isCertificateError({ code }: WireError): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^HOSTNAME_MISMATCH$/.test(code);
}

/** OAuth has its words in a field of its own, where the SDK does not look: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function wordsOf(error: unknown, description: string | undefined): string {
  const message = error instanceof Error ? (text(error.message) ?? '') : String(error);
  return (message === 'UnknownError' && description) || message;
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
