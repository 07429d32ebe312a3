import { notApplicable, type Strategy } from '../source.ts';

/** A command that prints credentials. */
export interface ProcessSource {
  readonly kind: 'process';
  /** The command line; may hold secrets. */
  readonly command: string;
  /** What messages call it. */
  readonly origin: string;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const processSource: Strategy<ProcessSource> = {
  kind: 'process',
  claim: (inputs) => (inputs.optional('credential-process') === undefined ? undefined : 'credential-process'),

  select({ inputs, roles }) {
    const command = inputs.optional('credential-process');
    if (command === undefined) {
      return notApplicable(
        '"credential-process" is not given',
        'Give the command that prints the credentials in "credential-process".',
      );
    }
    const because = '"credential-process" is given';
    return {
      source: { kind: 'process', command, origin: 'Input "credential-process"' },
      because,
      hops: roles,
      roleSession: false,
    };
  },

  // Not the command: its arguments may hold secrets.
  describe: () => 'process',
  retrieve: ({ command, origin }, { host }) => host.credentialProcess({ command, origin, env: host.env }),
};
