import type { ContainerSource } from './select.ts';
import type { Strategy } from '../source.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
export const container: Strategy<ContainerSource> = {
  kind: 'container',
  claim: () => undefined,

  async select(wish) {
    const { offerContainer } = await load();
    return offerContainer(wish);
  },

  describe: ({ url }) => `container (${new URL(url).host})`,

  async retrieve(source, effects) {
    const { retrieveContainer } = await load();
    return retrieveContainer(source, effects);
  },
};

/** What few steps need is loaded by those. */
function load() {
  return import('./select.ts');
}
