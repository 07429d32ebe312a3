import type { Credentials } from '../contract/credentials.ts';
import { parseJsonObject } from './json.ts';
import { isAccountId, isKey } from './patterns.ts';

/** The credentials of an endpoint's response, or what is wrong with it: a clause that does not quote it. */
export type EndpointCredentials =
  | { readonly credentials: Credentials; readonly account?: string | undefined }
  | { readonly problem: string };

/**
 * Reads the JSON in which ECS, EKS Pod Identity and EC2 return credentials; token and expiration are missing for long-term
 * keys. https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function readEndpointCredentials(text: string): EndpointCredentials {
  const response = parseJsonObject(text);
  if (response === undefined) return { problem: 'is not a JSON object' };
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'Token'].map((name) =>
    response.get(name),
  );
  if (!isKey(accessKeyId)) return { problem: 'has no AccessKeyId' };
  if (!isKey(secretAccessKey)) return { problem: 'has no SecretAccessKey' };
  if (!isMissing(sessionToken) && !isKey(sessionToken)) return { problem: 'has an invalid Token' };
  const expires = response.get('Expiration');
  const expiration = isMissing(expires) ? undefined : dateIn(expires);
  if (!isMissing(expires) && expiration === undefined) return { problem: 'has an Expiration that is not a date' };
  const account = accountIn(response);
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(isKey(sessionToken) ? { sessionToken } : {}),
      expiration,
    },
    account,
  };
}

/** The code and message of a refusal, if they are safe to show; otherwise empty. */
export function readEndpointError(text: string): string {
  const response = parseJsonObject(text);
  const parts =
    response === undefined
      ? [text.trim()]
      : [
          ['code', 'Code'],
          ['message', 'Message'],
        ].map((names) => names.map((name) => response.get(name)).find((value) => !isMissing(value)));
  return parts
    .filter((value) => typeof value === 'string' && /^[^<\P{ASCII}\p{Cc}][\x20-\x7e]{0,300}$/u.test(value))
    .join(': ');
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function dateIn(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** EKS returns the account ID, ECS the role ARN. */
function accountIn(response: ReadonlyMap<string, unknown>): string | undefined {
  const accountId = response.get('AccountId');
  const owner = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\//.exec(String(response.get('RoleArn')));
  return isAccountId(accountId) ? accountId : owner?.[1];
}
