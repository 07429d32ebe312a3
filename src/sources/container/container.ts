import type { Strategy } from '../source.ts';
import type { ContainerSource } from './select.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
export const container: Strategy<ContainerSource> = {
  kind: 'container',
  claim: () => undefined,

  async select(wish) {
    const { offerContainer } = await import('./select.ts');
    return offerContainer(wish);
  },

  describe: ({ url }) => `container (${new URL(url).host})`,

  async retrieve(source, effects) {
    const { retrieveContainer } = await import('./retrieve.ts');
    return retrieveContainer(source, effects);
  },
};
