import type { Strategy } from '../source.ts';
import type { InstanceSource } from './select.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html */
export const instance: Strategy<InstanceSource> = {
  kind: 'instance',
  claim: () => undefined,

  async select(wish) {
    // What few steps need is loaded by those.
    const { offerInstance } = await import('./select.ts');
    return offerInstance(wish);
  },

  describe: ({ endpoint }) => `instance (${new URL(endpoint).host})`,
  retrieve: async ({ endpoint, versionOne }, { aws }) => ({
    credentials: await aws.getInstanceCredentials({ endpoint, versionOne }),
  }),
};
