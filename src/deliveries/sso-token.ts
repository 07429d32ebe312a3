import type { ReadyDelivery } from './delivery.ts';

/** The SSO token as an output of the step, refreshed where it had to be, for a later step to store. */
export const ssoTokenDelivery: ReadyDelivery = {
  kind: 'sso-token',
  wanted: (inputs) => inputs.flag('output-sso-token', false),

  deliver({ session }, { job }) {
    const { ssoToken: text = '' } = session;
    if (text !== '') job.mask(text);
    job.output('sso-token', text);
    return text === '' ? 'no SSO token, as there is none' : 'SSO token as an output';
  },
};
