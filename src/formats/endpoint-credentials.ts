import type { Credentials } from '../contract/credentials.ts';
import { parseJsonObject } from './json.ts';
import { isAccountId, isKey } from './patterns.ts';

/** What a credentials endpoint handed out; or what is wrong with its answer, a clause that quotes nothing of it. */
export type EndpointCredentials =
  | { readonly credentials: Credentials; readonly account?: string | undefined }
  | { readonly problem: string };

/**
 * Reads the JSON in which ECS, EKS Pod Identity and EC2 hand out credentials; token and expiration may be left out, by
 * endpoints that hand out keys without an end. https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function readEndpointCredentials(text: string): EndpointCredentials {
  const answer = parseJsonObject(text);
  if (answer === undefined) return { problem: 'is not a JSON object' };
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'Token'].map((name) =>
    answer.get(name),
  );
  if (!isKey(accessKeyId)) return { problem: 'holds no AccessKeyId' };
  if (!isKey(secretAccessKey)) return { problem: 'holds no SecretAccessKey' };
  if (!isMissing(sessionToken) && !isKey(sessionToken)) return { problem: 'holds a Token that is none' };
  const end = answer.get('Expiration');
  const expiration = isMissing(end) ? undefined : dateIn(end);
  if (!isMissing(end) && expiration === undefined) return { problem: 'holds an Expiration that is no date' };
  const account = accountIn(answer);
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

/** The code and the message of a refusal, as far as it is fit to be shown; empty where it says nothing. */
export function readEndpointError(text: string): string {
  const answer = parseJsonObject(text);
  const told =
    answer === undefined
      ? [text.trim()]
      : [
          ['code', 'Code'],
          ['message', 'Message'],
        ].map((names) => names.map((name) => answer.get(name)).find((value) => !isMissing(value)));
  return told
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

/** EKS names the account, ECS the role. */
function accountIn(answer: ReadonlyMap<string, unknown>): string | undefined {
  const named = answer.get('AccountId');
  const owner = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\//.exec(String(answer.get('RoleArn')));
  return isAccountId(named) ? named : owner?.[1];
}
