import type { Strategy } from '../source.ts';
import type { InstanceSource } from './select.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html */
export const instanceSource: Strategy<InstanceSource> = {
  kind: 'instance',
  claim: () => undefined,

  async select(context) {
    // What few steps need is loaded by those.
    const { selectInstance } = await import('./select.ts');
    return selectInstance(context);
  },

  describe: ({ endpoint }) => `instance (${new URL(endpoint).host})`,
  retrieve: async ({ endpoint, versionOne }, { aws }) => ({
    credentials: await aws.getInstanceCredentials({ endpoint, versionOne }),
  }),
};
