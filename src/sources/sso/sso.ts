import { notApplicable, type Selection, type Strategy } from '../source.ts';
import type { SsoSource } from './settings.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export const ssoSource: Strategy<SsoSource> = {
  kind: 'sso',
  claim: (inputs) => (inputs.optional('sso-token') === undefined ? undefined : 'sso-token'),

  async select(context): Promise<Selection<SsoSource>> {
    const text = context.inputs.secret('sso-token');
    const profile = context.inputs.optional('source-profile');
    if (text === undefined && profile === undefined) {
      return notApplicable(
        '"sso-token" is not given',
        'Give the access token of IAM Identity Center in "sso-token", from a secret; or with "source: sso" a profile with SSO settings in "source-profile".',
      );
    }
    // Loaded where there is a token or a profile to read.
    const { selectSso } = await import(/* webpackChunkName: "sso" */ './select.ts');
    return selectSso({ text, profile }, context);
  },

  describe: ({ accountId, roleName }) => `sso → ${accountId}/${roleName}`,

  async retrieve(source, effects) {
    const { retrieveSso } = await import(/* webpackChunkName: "sso" */ './retrieve.ts');
    return retrieveSso(source, effects);
  },
};
