import type { Strategy } from '../source.ts';
import type { WebIdentitySource } from './select.ts';

const input = 'web-identity-token-file';

/** https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html */
export const webIdentity: Strategy<WebIdentitySource> = {
  kind: 'web-identity',
  claim: (inputs) => (inputs.optional(input) === undefined ? undefined : input),

  async select(wish) {
    const { offerTokenFile } = await import('./select.ts');
    return offerTokenFile(wish);
  },

  describe: ({ origin }) => `web-identity (${origin.replace(/^Input /, '')})`,

  async retrieve(source, effects) {
    const { retrieveTokenFile } = await import('./retrieve.ts');
    return retrieveTokenFile(source, effects);
  },
};
