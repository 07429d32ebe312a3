import { invalidInput } from '../../contract/errors.ts';
import { isProfileName, profileNameRule } from '../../formats/profile-name.ts';
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

/** A profile for each entry of `profiles`. */
export const profilesDelivery: LoadedDelivery = {
  kind: 'profiles',
  wanted: (inputs) => inputs.optional('profiles') !== undefined,
  load: async (inputs) => (await import('./write-profiles.ts')).profilesFiles(inputs),
};

/** The outputs of a step with `profiles`. */
export const profilesOutputsDelivery: LoadedDelivery = {
  kind: 'outputs',
  wanted: profilesDelivery.wanted,
  load: async () => (await import('./write-profiles.ts')).profilesOutputs,
};

function readName(inputs: Inputs): string | undefined {
  const name = inputs.optional('aws-profile');
  if (name === undefined || isProfileName(name)) return name;
  throw invalidInput('aws-profile', profileNameRule.problem, profileNameRule.hint);
}
