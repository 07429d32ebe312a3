import { invalidInput } from '../contract/errors.ts';
import type { Inputs } from './inputs.ts';

/** The inputs that hold YAML or JSON. */
const names = ['role-chain', 'sts-headers', 'cognito-logins', 'profiles'] as const;

/** The inputs, with those in YAML made readable; the parser is loaded only where one of them is given. */
export async function withYaml(inputs: Inputs): Promise<Inputs> {
  if (!names.some((name) => inputs.optional(name) !== undefined)) return inputs;
  const { NotYaml, parseYaml } = await import('../formats/yaml.ts');
  return {
    ...inputs,
    yaml: (name) => {
      const text = inputs.optional(name);
      try {
        return text === undefined ? undefined : parseYaml(text, name === 'profiles' ? 'kept' : 'refused');
      } catch (error) {
        if (!(error instanceof NotYaml)) throw error;
        throw invalidInput(name, `${error.message}.`, 'Write YAML or JSON: check indentation, quotes and brackets.');
      }
    },
  };
}
