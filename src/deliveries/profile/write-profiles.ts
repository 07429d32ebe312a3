import type { ProfileSession } from '../../contract/credentials.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { ProfilesDelivery } from '../delivery.ts';
import { checkSections, writeSections } from './write-sections.ts';

/** Writes the profiles that `profiles` names. */
export function profilesFiles(inputs: Inputs): ProfilesDelivery {
  const node = inputs.yaml('profiles');
  const names = node?.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  return {
    kind: 'profiles',
    check: (given, host) => checkSections(names, 'profiles', given, host),
    deliverProfiles({ profiles }, effects) {
      writeSections(profiles, 'profiles', effects);
      return `profiles ${profiles.map(({ name }) => name).join(', ')}`;
    },
  };
}

/** Whose each profile is; and, of the shared role, who the job is. */
export const profilesOutputs: ProfilesDelivery = {
  kind: 'outputs',
  deliverProfiles({ identity, region, source, profiles }, { job }) {
    job.output('aws-account-id', identity?.account ?? '');
    job.output('authenticated-arn', identity?.arn ?? '');
    job.output('aws-region', region);
    job.output('credential-source', source);
    job.output('profiles', JSON.stringify(Object.fromEntries(profiles.map(describe))));
    return 'outputs';
  },
};

function describe({ name, session: { identity, region, credentials } }: ProfileSession) {
  const { account, arn = '' } = identity;
  return [name, { account, arn, region, expiration: credentials.expiration?.toISOString() ?? '' }] as const;
}
