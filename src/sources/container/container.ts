import type { Strategy } from '../source.ts';
import type { ContainerSource } from './select.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
export const containerSource: Strategy<ContainerSource> = {
  kind: 'container',
  claim: () => undefined,

  async select(context) {
    const { selectContainer } = await import('./select.ts');
    return selectContainer(context);
  },

  describe: ({ url }) => `container (${new URL(url).host})`,

  async retrieve(source, effects) {
    const { retrieveContainer } = await import('./retrieve.ts');
    return retrieveContainer(source, effects);
  },
};
