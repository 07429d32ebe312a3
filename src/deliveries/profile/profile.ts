import { invalidInput } from '../../contract/errors.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { LoadedDelivery } from '../delivery.ts';

/**
 * A profile in the shared files that every AWS tool reads.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export const profileDelivery: LoadedDelivery = {
  kind: 'profile',

  wanted(inputs) {
    inputs.flag('overwrite-aws-profile', false);
    return readName(inputs) !== undefined;
  },

  async load(inputs) {
    // Few steps write files.
    const { profileFiles } = await import('./write-profile.ts');
    return profileFiles(readName(inputs) ?? '');
  },
};

/** Names that mean something else to some AWS tool: Python's parser, the SDK for JavaScript. */
const reserved: readonly string[] = ['DEFAULT', '__proto__'];

function readName(inputs: Inputs): string | undefined {
  const name = inputs.optional('aws-profile');
  if (name === undefined || (/^(?![#;])[^\s[\]/\\"'\p{Cc}]+$/u.test(name) && !reserved.includes(name))) return name;
  throw invalidInput(
    'aws-profile',
    'is not the name of a profile that every AWS tool can read.',
    'Use letters, digits, - and _; blanks, brackets, slashes and quotes are refused, and so is DEFAULT in capitals.',
  );
}
