import { CredentialError, type ErrorCode } from '../../contract/errors.ts';
import { isCertificateError, readWireError, untrustedHint, type WireError } from '../http/wire-error.ts';
import { failureKindOf } from './failure-kind.ts';

/** The operation as the user knows it, and the hint if it is refused. */
export interface RequestSubject {
  /** Begins the message: `Hop 2 of 3 (arn:…)`. */
  readonly name: string;
  /** Begins a line of the log; default: the name. */
  readonly logName?: string | undefined;
  readonly whenDenied: (message: string) => string;
  /** Rules of this service only. */
  readonly ruleFor?: (name: string, message: string) => ErrorRule | undefined;
}

/** The code and the hint for an error. */
export interface ErrorRule {
  readonly code: ErrorCode;
  readonly hint: string;
}

const later = 'Run the job again; if the problem persists, see https://health.aws.amazon.com/health/status.';
const unknownKeys =
  'Check the access key ID and secret that sign the request: they may be deleted, inactive, from another partition, or not belong together.';

/** The errors of STS and the SSO portal: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const rules: ReadonlyMap<string, ErrorRule> = new Map<string, ErrorRule>(
  Object.entries({
    ExpiredToken: { code: 'TOKEN_EXPIRED', hint: 'Get new credentials before this step.' },
    ExpiredTokenException: { code: 'TOKEN_EXPIRED', hint: 'The web identity token has expired; provide a new one.' },
    UnauthorizedException: {
      code: 'TOKEN_EXPIRED',
      hint: 'Run "aws sso login" and store the new token in the secret that "sso-token" comes from.',
    },
    InvalidClientTokenId: { code: 'ACCESS_DENIED', hint: unknownKeys },
    SignatureDoesNotMatch: { code: 'ACCESS_DENIED', hint: unknownKeys },
    UnrecognizedClientException: { code: 'ACCESS_DENIED', hint: unknownKeys },
    RegionDisabledException: {
      code: 'ACCESS_DENIED',
      hint: 'Activate STS for this region in the account, or choose another "aws-region".',
    },
    MalformedPolicyDocumentException: {
      code: 'INPUT_INVALID',
      hint: 'Correct the session policy in "inline-session-policy": it must be a policy that IAM can read.',
    },
    PackedPolicyTooLargeException: {
      code: 'INPUT_INVALID',
      hint: 'Shorten the session policy, or send fewer session tags ("custom-tags", "role-skip-session-tagging").',
    },
    ResourceNotFoundException: {
      code: 'ACCESS_DENIED',
      hint: 'Check "sso-account-id" and "sso-role-name": the account or the permission set does not exist.',
    },
    InvalidRequestException: {
      code: 'INPUT_INVALID',
      hint: 'Check "sso-account-id", "sso-role-name" and "sso-region".',
    },
  }),
);

const notFromAws: ErrorRule = {
  code: 'PROTOCOL_ERROR',
  hint: 'Check the endpoint URL: a proxy or another service answered.',
};

const verbs: Partial<Record<ErrorCode, string>> = {
  SERVICE_UNAVAILABLE: 'received no response',
  TIMED_OUT: 'received no response',
  PROTOCOL_ERROR: 'received a response that is not from AWS',
};

/** The CredentialError for an error of the SDK; the message of AWS is kept. */
export function translate(error: unknown, subject: RequestSubject): CredentialError {
  if (error instanceof CredentialError) {
    return new CredentialError(error.code, `${subject.name} received no response: ${error.message}`, error);
  }
  const wire = readWireError(error);
  const rule = ruleFor(wire, error, subject);
  const verb = verbs[rule.code] ?? 'was refused';
  const { detail, cause } = detailsOf(wire, error);
  return new CredentialError(rule.code, `${subject.name} ${verb}: ${detail}`, { hint: rule.hint, cause });
}

/** The details to show. A parser's message is not shown: it quotes the response, which may contain a secret. */
function detailsOf(wire: WireError, error: unknown): { readonly detail: string; readonly cause?: unknown } {
  if (wire.name === 'SyntaxError' && wire.status < 300) return { detail: 'it cannot be parsed' };
  if (isNameless(wire)) {
    const detail = `HTTP ${wire.status} without an AWS error code`;
    return /^(Syntax|Type)Error$/.test(wire.name) ? { detail } : { detail, cause: error };
  }
  const message = wire.message.trim();
  return { detail: message === '' ? wire.name : `${wire.name}: ${message}`, cause: error };
}

/** An error status without an error code, which AWS always sends. The SDK then uses its own names, or fails to parse the body. */
const isNameless = ({ name, status }: WireError): boolean =>
  status >= 300 && /^(Unknown|UnknownError|NotFound|Error|SyntaxError|TypeError)$/.test(name);

function ruleFor(wire: WireError, error: unknown, subject: RequestSubject): ErrorRule {
  switch (failureKindOf(error)) {
    case 'denied':
      return { code: 'ACCESS_DENIED', hint: subject.whenDenied(wire.message) };
    case 'transient':
      return { code: 'SERVICE_UNAVAILABLE', hint: later };
    case 'timeout':
      return wire.name === 'TimeoutError' || wire.code === 'ETIMEDOUT'
        ? { code: 'TIMED_OUT', hint: `Check the network of the runner and the endpoint. ${later}` }
        : { code: 'SERVICE_UNAVAILABLE', hint: 'Check "aws-region", the endpoint and the network of the runner.' };
    case 'permanent':
      return permanentRule(wire, subject);
  }
}

function permanentRule(wire: WireError, subject: RequestSubject): ErrorRule {
  const { name, message, status } = wire;
  if (isNameless(wire)) return notFromAws;
  const known = subject.ruleFor?.(name, message) ?? rules.get(name) ?? rules.get(`${name}Exception`);
  if (known !== undefined) return known;
  if (/^(InvalidIdentityToken|IDPRejectedClaim)/.test(name)) {
    return { code: 'ACCESS_DENIED', hint: subject.whenDenied(message) };
  }
  if (/DurationSeconds/.test(message)) {
    return {
      code: 'INPUT_INVALID',
      hint: 'Lower "role-duration-seconds", or raise the maximum session duration of the role.',
    };
  }
  if (/conflicts with a transitive tag key/.test(message)) {
    return {
      code: 'INPUT_INVALID',
      hint: 'The session that signs the request already passes this tag on: send no tags ("role-skip-session-tagging: true"), or remove the key from "transitive-tag-keys" of the step that made that session.',
    };
  }
  if (isCertificateError(wire)) return { code: 'SERVICE_UNAVAILABLE', hint: untrustedHint };
  if (status === 403) return { code: 'ACCESS_DENIED', hint: subject.whenDenied(message) };
  if (status >= 400)
    return { code: 'ROLE_INVALID', hint: 'Check the role and its settings against the message above.' };
  return notFromAws;
}
