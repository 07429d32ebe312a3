import { CredentialError, type ErrorCode } from '../../contract/errors.ts';
import { isCertificateError, readWireError, untrustedHint, type WireError } from '../http/wire-error.ts';
import { failureKindOf } from './failure-kind.ts';

/** What was asked of AWS, as the user knows it, and what to do where it is refused. */
export interface Subject {
  /** Begins the message: `Hop 2 of 3 (arn:…)`. */
  readonly name: string;
  readonly whenDenied: (message: string) => string;
  /** What an error means to this service alone. */
  readonly ruleFor?: (name: string, message: string) => ErrorRule | undefined;
}

/** What becomes of an error, and what to do. */
export interface ErrorRule {
  readonly code: ErrorCode;
  readonly hint: string;
}

const later = 'Run the job again; if it stays so, see https://health.aws.amazon.com/health/status.';
const unknownKeys =
  'Check the access key id and secret that sign this: they may be deleted, inactive, of another partition, or not belong together.';

/** What each error that STS and the SSO portal give means: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const rules: ReadonlyMap<string, ErrorRule> = new Map<string, ErrorRule>(
  Object.entries({
    ExpiredToken: { code: 'TOKEN_EXPIRED', hint: 'Get new credentials before this step.' },
    ExpiredTokenException: { code: 'TOKEN_EXPIRED', hint: 'The web identity token has ended: give a fresh one.' },
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
      hint: 'Check "sso-account-id" and "sso-role-name": the account or the permission set is not there.',
    },
    InvalidRequestException: {
      code: 'INPUT_INVALID',
      hint: 'Check "sso-account-id", "sso-role-name" and "sso-region".',
    },
  }),
);

const notFromAws: ErrorRule = {
  code: 'PROTOCOL_ERROR',
  hint: 'Check that the endpoint is the service it should be; a proxy or a wrong URL answers like this.',
};

const verbs: Partial<Record<ErrorCode, string>> = {
  SERVICE_UNAVAILABLE: 'got no answer',
  TIMED_OUT: 'got no answer',
  PROTOCOL_ERROR: 'got an answer that is not of AWS',
};

/** An error of the SDK as one of ours; AWS's own words stay in the message. */
export function translate(error: unknown, subject: Subject): CredentialError {
  if (error instanceof CredentialError) {
    return new CredentialError(error.code, `${subject.name} got no answer: ${error.message}`, error);
  }
  const wire = readWireError(error);
  const rule = ruleFor(wire, error, subject);
  const verb = verbs[rule.code] ?? 'was refused';
  const { detail, cause } = wordsOf(wire, error);
  return new CredentialError(rule.code, `${subject.name} ${verb}: ${detail}`, { hint: rule.hint, cause });
}

/** What to say of the error. Where the answer could not be parsed, its words quote the answer, and that may hold a secret. */
function wordsOf(wire: WireError, error: unknown): { readonly detail: string; readonly cause?: unknown } {
  if (wire.name === 'SyntaxError' && wire.status < 300) return { detail: 'it cannot be parsed' };
  if (isNameless(wire)) {
    const detail = `HTTP ${wire.status} without an error code of AWS`;
    return /^(Syntax|Type)Error$/.test(wire.name) ? { detail } : { detail, cause: error };
  }
  const message = wire.message.trim();
  return { detail: message === '' ? wire.name : `${wire.name}: ${message}`, cause: error };
}

/** An error status whose body names no error: AWS's always do. The SDK then gives names of its own, or fails over the body. */
const isNameless = ({ name, status }: WireError): boolean =>
  status >= 300 && /^(Unknown|UnknownError|NotFound|Error|SyntaxError|TypeError)$/.test(name);

function ruleFor(wire: WireError, error: unknown, subject: Subject): ErrorRule {
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
      return finalRule(wire, subject);
  }
}

function finalRule(wire: WireError, subject: Subject): ErrorRule {
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
      hint: 'The session that signs hands this tag down already: send no tags ("role-skip-session-tagging: true"), or take the key out of "transitive-tag-keys" where that session was made.',
    };
  }
  if (isCertificateError(wire)) return { code: 'SERVICE_UNAVAILABLE', hint: untrustedHint };
  if (status === 403) return { code: 'ACCESS_DENIED', hint: subject.whenDenied(message) };
  if (status >= 400)
    return { code: 'ROLE_INVALID', hint: 'Check the role and what is asked of it against the message above.' };
  return notFromAws;
}
