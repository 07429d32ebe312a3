import { keysOf } from '../../support/memory.ts';
import { anyClient, deniedBy, type SourceCase, userSession, words } from '../../support/source-case.ts';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'container',
  offer: { env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role' } },
  use: {},
  roles: [],
  session: () => userSession(keysOf('container')),
  refusal: deniedBy('ContainerCredentials'),
  anonymous: true,
  budget: ({ url, world }) => ({
    with: { source: 'container' },
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/ecs/v2/credentials/${world.machines.task.credentialsId}`,
    },
    measured: 85_724,
    without: [words.yaml, ...anyClient, words.instance],
  }),
};
