import type { Strategy } from '../source.ts';
import type { InstanceSource } from './select.ts';

/** The source for the role of an EC2 instance. https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html */
export const instanceSource: Strategy<InstanceSource> = {
  kind: 'instance',
  claim: () => undefined,

  async select(context) {
    // Lazy import: keeps this out of the start-up path.
    const { selectInstance } = await import('./select.ts');
    return selectInstance(context);
  },

  describe: ({ endpoint }) => `instance (${new URL(endpoint).host})`,
  retrieve: async ({ endpoint, versionOne }, { aws }) => ({
    credentials: await aws.getInstanceCredentials({ endpoint, versionOne }),
  }),
};
