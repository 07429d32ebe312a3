import { invalidInput } from './errors.ts';
import { type Range, secondsIn } from './formats/duration.ts';
import type { YamlNode } from './formats/yaml.ts';
import type { Env } from './ports.ts';

/** The step's inputs, each read by its type. Empty is absent; junk throws INPUT_INVALID naming the input. */
export interface Inputs {
  optional(name: string): string | undefined;
  /** Masked as soon as it is read. */
  secret(name: string): string | undefined;
  /** Masks a secret that was found inside another. */
  mask(secret: string): void;
  /** `true`, `True`, `TRUE` and the same of false; `absent` where nothing is given. */
  flag(name: string, absent: boolean): boolean;
  /** One element a line, blank lines left out. */
  lines(name: string): readonly string[];
  /** Elements by comma or line; an empty element between commas is kept, for its reader to refuse. */
  elements(name: string): readonly string[];
  /** Whole seconds, or minutes and hours as `30m`, `1h`. */
  seconds(name: string, range: Range): number | undefined;
  /** A whole number; less than 1 counts as 1. */
  count(name: string): number | undefined;
  /** What stands in YAML or JSON; see `withYaml`. */
  yaml(name: string): YamlNode | undefined;
}

/** The one reader of inputs: `INPUT_*` as the runner sets them. */
export function readInputs(env: Env, mask: (secret: string) => void): Inputs {
  const optional = (name: string): string | undefined =>
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() || undefined;

  return {
    optional,
    mask,
    secret: (name) => {
      const value = optional(name);
      if (value !== undefined) mask(value);
      return value;
    },
    flag: (name, absent) => flagFrom(name, optional(name), absent),
    lines: (name) => (optional(name) ?? '').split(/\s*\r?\n\s*/).filter((line) => line !== ''),
    elements: (name) => optional(name)?.split(/\s*(?:,|\r?\n)\s*/) ?? [],
    seconds: (name, range) => secondsFrom(name, optional(name), range),
    count: (name) => countFrom(name, optional(name)),
    yaml: (name) => {
      if (optional(name) !== undefined) throw new Error(`the parser for "${name}" was not loaded`);
      return undefined;
    },
  };
}

function flagFrom(name: string, value: string | undefined, absent: boolean): boolean {
  if (value === undefined) return absent;
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
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
