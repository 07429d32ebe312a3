import { parseJson } from '../json.ts';

/** A role's trust policy. */
export interface TrustPolicy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Undefined if the statement has no Principal. */
  readonly principals: readonly Principal[] | undefined;
  /** Undefined if the statement has no Action. */
  readonly actions: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
  /** Names of elements that are not evaluated here, such as NotPrincipal. */
  readonly otherElements: readonly string[];
}

export interface Principal {
  /** AWS, Federated, Service, CanonicalUser, or `*` for everyone. */
  readonly kind: string;
  readonly value: string;
}

/** One operator on one key; both as the policy writes them. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Why a text is not a trust policy: a clause that quotes nothing of the text. */
export class NotATrustPolicy extends Error {}

/**
 * The trust policy of the role that the text holds. Accepts a policy, the output of `aws iam get-role`, a map from role ARN to
 * either, and any of them URL-encoded. With `several` roles planned, a policy that names no role is not used.
 * Throws NotATrustPolicy.
 */
export function parseTrustPolicy(text: string, roleArn: string, planned: 'one role' | 'several roles'): TrustPolicy {
  const document = mapping(decode(text.replace(/^\uFEFF/, ''), 0), 'is not a JSON object');
  const keys = Object.keys(document);
  if (keys.length > 0 && keys.every((key) => key.startsWith('arn:'))) {
    const entry = new Map(Object.entries(document)).get(roleArn);
    if (entry === undefined) throw new NotATrustPolicy('has no entry for this role');
    return oneOf(mapping(decode(entry, 0), 'has an entry for this role that is not a policy'), roleArn, 'named');
  }
  return oneOf(document, roleArn, planned === 'one role' ? 'named' : 'not named');
}

/** The ARNs of the roles that the text names: of an output of `aws iam get-role`, or of a map. Throws NotATrustPolicy. */
export function rolesNamedIn(text: string): readonly string[] {
  const document = mapping(decode(text.replace(/^\uFEFF/, ''), 0), 'is not a JSON object');
  const { Arn } = isMapping(document.Role) ? document.Role : document;
  if (typeof Arn === 'string') return [Arn];
  const keys = Object.keys(document);
  return keys.every((key) => key.startsWith('arn:')) ? keys : [];
}

/** What is JSON within text, and what is URL-encoded, as IAM's API returns policies. */
function decode(value: unknown, depth: number): unknown {
  if (typeof value !== 'string' || depth > 3) return value;
  const text = value.trim();
  return decode(parseJson(/^%(?:7B|22)/i.test(text) ? percentDecoded(text) : text), depth + 1);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new NotATrustPolicy('is URL-encoded, but not whole');
  }
}

/** A policy, or the output of `aws iam get-role` with one. */
function oneOf(document: Mapping, roleArn: string, role: 'named' | 'not named'): TrustPolicy {
  const output = isMapping(document.Role) ? document.Role : document;
  if (output.AssumeRolePolicyDocument === undefined) {
    if (role === 'not named') throw new NotATrustPolicy('does not name the role that it belongs to');
    return readPolicy(document);
  }
  if (output.Arn !== undefined && output.Arn !== roleArn) throw new NotATrustPolicy('is the policy of another role');
  if (output.Arn === undefined && role === 'not named') {
    throw new NotATrustPolicy('does not name the role that it belongs to');
  }
  return readPolicy(
    mapping(decode(output.AssumeRolePolicyDocument, 0), 'holds an AssumeRolePolicyDocument that is not a policy'),
  );
}

function readPolicy({ Statement }: Mapping): TrustPolicy {
  if (Statement === undefined) throw new NotATrustPolicy('is not a policy: "Statement" is missing');
  const list: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  return { statements: list.map((statement, index) => readStatement(statement, `statement ${index + 1}`)) };
}

const evaluated = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Condition']);

function readStatement(value: unknown, where: string): Statement {
  const statement = mapping(value, `is not a policy: ${where} is not an object`);
  const { Effect, Principal, Action, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') {
    throw new NotATrustPolicy(`is not a policy: the Effect of ${where} is neither "Allow" nor "Deny"`);
  }
  return {
    effect: Effect,
    principals: Principal === undefined ? undefined : readPrincipals(Principal, `the Principal of ${where}`),
    actions: Action === undefined ? undefined : texts(Action, `the Action of ${where}`),
    conditions: readConditions(Condition, `the Condition of ${where}`),
    otherElements: Object.keys(statement).filter((name) => !evaluated.has(name)),
  };
}

function readPrincipals(value: unknown, where: string): readonly Principal[] {
  if (value === '*') return [{ kind: '*', value: '*' }];
  return Object.entries(mapping(value, `is not a policy: ${where} is neither "*" nor an object`)).flatMap(
    ([kind, values]) => texts(values, where).map((item) => ({ kind, value: item })),
  );
}

function readConditions(value: unknown, where: string): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(mapping(value, `is not a policy: ${where} is not an object`)).flatMap(([operator, keys]) =>
    Object.entries(mapping(keys, `is not a policy: an operator in ${where} is not an object`)).map(([key, values]) => ({
      operator,
      key,
      values: texts(values, where),
    })),
  );
}

/** IAM takes a list of one as the one, and numbers and booleans as their texts. */
function texts(value: unknown, where: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new NotATrustPolicy(`is not a policy: ${where} holds a value that is not text`);
  });
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapping(value: unknown, problem: string): Mapping {
  if (!isMapping(value)) throw new NotATrustPolicy(problem);
  return value;
}
