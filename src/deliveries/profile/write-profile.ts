import { type Delivery, exportVariables, wantsEnvironment } from '../delivery.ts';
import { checkSections, writeSections } from './write-sections.ts';

/** Writes a profile of this name, which is one that every AWS tool can read. */
export function profileFiles(name: string): Delivery {
  return {
    kind: 'profile',
    check: (inputs, host) => checkSections([name], 'aws-profile', inputs, host),

    deliver({ session }, effects) {
      writeSections([{ name, session }], 'aws-profile', effects);
      if (wantsEnvironment(effects.inputs)) exportVariables({ AWS_PROFILE: name }, effects);
      return `profile ${name}`;
    },
  };
}
