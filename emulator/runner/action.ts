import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** What the runner takes from an action's metadata file. */
export interface Action {
  readonly folder: string;
  /** Every declared input by its name in lower case, with its default or ''. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly main: string;
  readonly post?: string;
  readonly postIf: string;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

// A default that is an expression, such as ${{ github.token }}, has nothing to be evaluated against here.
const defaultOf = (input: unknown): string => {
  const text = isMap(input) ? textOf(input.default) : '';
  return text.includes('${{') ? '' : text;
};

function metadataOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'action.yml'), 'utf8');
  } catch {
    return readFileSync(join(folder, 'action.yaml'), 'utf8');
  }
}

/** Reads `action.yml` (or `action.yaml`) of a JavaScript action. */
export function readAction(path: string): Action {
  const folder = resolve(path);
  // The failsafe schema keeps every scalar as it is written: `default: true` is the text that the runner passes on.
  const document: unknown = parse(metadataOf(folder), { schema: 'failsafe' });
  const runs = isMap(document) && isMap(document.runs) ? document.runs : {};
  const inputs = isMap(document) && isMap(document.inputs) ? document.inputs : {};
  if (!textOf(runs.using).startsWith('node')) throw new Error(`${folder}: not a JavaScript action`);
  const post = textOf(runs.post);
  return {
    folder,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name.toLowerCase(), defaultOf(input)])),
    main: join(folder, textOf(runs.main)),
    ...(post !== '' && { post: join(folder, post) }),
    postIf: textOf(runs['post-if']) || 'always()',
  };
}

/** The INPUT_ variables of a step: declared inputs with their defaults, then what `with:` gives. */
export function inputVariables(
  action: Action,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const lowered = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const all = { ...action.inputs, ...Object.fromEntries(lowered) };
  // Only spaces become underscores; hyphens stay, which is why a shell cannot read these variables.
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

/** Names in `with:` that the action does not declare: passed on all the same, with a warning. */
export const unexpectedInputs = (action: Action, given: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(given).filter((name) => !(name.toLowerCase() in action.inputs));
