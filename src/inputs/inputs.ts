import { invalidInput } from '../contract/errors.ts';
import type { Env } from '../contract/ports.ts';
import { type Range, secondsIn } from '../formats/duration.ts';
import type { YamlNode } from '../formats/yaml.ts';

/** The step's inputs, each read by its type. Empty is absent; an invalid value throws INPUT_INVALID and names the input. */
export interface Inputs {
  optional(name: string): string | undefined;
  /** The variable that replaces an empty input. */
  origin(name: string): string | undefined;
  /** Masked as soon as it is read. */
  secret(name: string): string | undefined;
  /** Masks a secret that was found inside another. */
  mask(secret: string): void;
  /** `true`, `True`, `TRUE` and the same of false; `absent` where nothing is given. */
  flag(name: string, absent: boolean): boolean;
  /** One element a line, blank lines left out. */
  lines(name: string): readonly string[];
  /** Elements separated by commas or line breaks; an empty element between commas is kept, for its reader to refuse. */
  elements(name: string): readonly string[];
  /** Whole seconds, or minutes and hours as `30m`, `1h`. */
  seconds(name: string, range: Range): number | undefined;
  /** A whole number; less than 1 counts as 1. */
  count(name: string): number | undefined;
  /** The content as YAML or JSON; see `withYaml`. */
  yaml(name: string): YamlNode | undefined;
}

/** Variables that replace empty inputs; of several, the first that is set. */
type VariablesByInput = ReadonlyMap<string, readonly string[]>;

const regionVariables: VariablesByInput = new Map([['aws-region', ['AWS_REGION', 'AWS_DEFAULT_REGION']]]);

/** The inputs of configure-aws-credentials that have a variable of the same name; those of the proxies are read with the network. */
const inputsWithVariable = [
  'role-to-assume',
  'web-identity-token-file',
  'role-chaining',
  'audience',
  'mask-aws-account-id',
  'role-duration-seconds',
  'role-external-id',
  'role-session-name',
  'role-skip-session-tagging',
  'transitive-tag-keys',
  'inline-session-policy',
  'managed-session-policies',
  'output-credentials',
  'unset-current-credentials',
  'disable-retry',
  'retry-max-attempts',
  'special-characters-workaround',
  'use-existing-credentials',
  'overwrite-aws-profile',
] as const;

/** The one reader of inputs: `INPUT_*` as the runner sets them, and for an empty one the variable that replaces it. Throws nothing yet. */
export function readInputs(env: Env, mask: (secret: string) => void): Inputs {
  const inputs = readerOf(env, mask, regionVariables);
  if (isFalse(inputs.optional('translate-env-variables'))) return inputs;
  const twins = inputsWithVariable.map((name) => [name, [name.toUpperCase().replaceAll('-', '_')]] as const);
  return readerOf(env, mask, new Map<string, readonly string[]>([...regionVariables, ...twins]));
}

/** The text, with the variable named after each input that it replaces. */
export function nameOrigins(text: string, inputs: Inputs): string {
  return text.replace(/"([a-z][a-z-]+)"/g, (quoted, name: string) => {
    const variable = inputs.origin(name);
    return variable === undefined ? quoted : `${quoted} (from the variable ${variable})`;
  });
}

function readerOf(env: Env, mask: (secret: string) => void, standIns: VariablesByInput): Inputs {
  const held = (variable: string): string | undefined => env[variable]?.trim() || undefined;
  const given = (name: string) => held(`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`);
  const origin = (name: string) =>
    given(name) === undefined ? standIns.get(name)?.find((variable) => held(variable) !== undefined) : undefined;
  const optional = (name: string) => {
    const variable = origin(name);
    return variable === undefined ? given(name) : held(variable);
  };

  return {
    optional,
    origin,
    mask,
    secret: (name) => {
      const value = optional(name);
      if (value !== undefined) mask(value);
      return value;
    },
    flag: (name, absent) => flagFrom(name, optional(name), absent),
    lines: (name) => linesOf(optional(name) ?? ''),
    elements: (name) => {
      const text = optional(name);
      return text === undefined ? [] : text.split(',').flatMap((part) => (part.trim() === '' ? '' : linesOf(part)));
    },
    seconds: (name, range) => secondsFrom(name, optional(name), range),
    count: (name) => countFrom(name, optional(name)),
    yaml: (name) => {
      if (optional(name) !== undefined) throw new Error(`the parser for "${name}" was not loaded`);
      return undefined;
    },
  };
}

/** Split before they are trimmed: a pattern with the blanks in it takes minutes over some ten thousands of them. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}

/** Whether a flag is false; an invalid value is not. */
export function isFalse(value: string | undefined): boolean {
  return value !== undefined && /^(false|False|FALSE)$/.test(value);
}

function flagFrom(name: string, value: string | undefined, absent: boolean): boolean {
  if (value === undefined) return absent;
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (isFalse(value)) return false;
  throw invalidInput(name, 'is neither true nor false.', `Write "${name}: true" or "${name}: false", or leave it out.`);
}

function secondsFrom(name: string, value: string | undefined, range: Range): number | undefined {
  return value === undefined
    ? undefined
    : secondsIn(value, range, (problem, hint) => invalidInput(name, problem, hint));
}

function countFrom(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^-?\d{1,6}$/.test(value)) return Math.max(1, Number(value));
  throw invalidInput(name, 'is not a whole number.', `Write "${name}: 3", for example.`);
}
