import type { ReadyDelivery } from './delivery.ts';

/** Who the job is now and where; always set, whatever else is delivered. */
export const outputsDelivery: ReadyDelivery = {
  kind: 'outputs',
  wanted: () => true,

  deliver({ session, source }, { job }) {
    job.output('aws-account-id', session.identity.account);
    job.output('authenticated-arn', session.identity.arn ?? '');
    job.output('aws-region', session.region);
    job.output('credential-source', source);
    return 'outputs';
  },
};
