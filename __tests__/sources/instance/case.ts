import { keysOf } from '../../support/memory.ts';
import { anyClient, deniedBy, type SourceCase, userSession, words } from '../../support/source-case.ts';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'instance',
  offer: {},
  use: {},
  roles: [],
  session: () => userSession(keysOf('instance')),
  refusal: deniedBy('InstanceCredentials'),
  anonymous: true,
  budget: ({ url }) => ({
    with: { source: 'instance' },
    environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/imds` },
    measured: 81_351,
    without: [words.yaml, ...anyClient],
  }),
};
