import type { Strategy } from '../source.ts';
import type { WebIdentitySource } from './select.ts';

const input = 'web-identity-token-file';

/** https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html */
export const webIdentitySource: Strategy<WebIdentitySource> = {
  kind: 'web-identity',
  claimRank: 1,
  claim: (inputs) => (inputs.optional(input) === undefined ? undefined : input),

  async select(context) {
    const { selectTokenFile } = await import('./select.ts');
    return selectTokenFile(context);
  },

  describe: ({ origin }) => `web-identity (${origin.replace(/^Input /, '')})`,

  async retrieve(source, effects) {
    const { retrieveTokenFile } = await import('./retrieve.ts');
    return retrieveTokenFile(source, effects);
  },
};
