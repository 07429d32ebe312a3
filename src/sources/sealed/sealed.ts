import { CredentialError } from '../../contract/errors.ts';
import { open, type SealedSession } from '../../formats/seal.ts';
import { readSealing, whyNoSession } from '../../inputs/sealing.ts';
import { notApplicable, type Strategy } from '../source.ts';

/** A session that an earlier job of the same run sealed. */
export interface SealedSource {
  readonly kind: 'sealed';
  readonly session: SealedSession;
}

/** Opened while the step is planned, for it brings its region along; that takes no request. */
export const sealedSource: Strategy<SealedSource> = {
  kind: 'sealed',
  claim: (inputs) => (inputs.optional('sealed-session') === undefined ? undefined : 'sealed-session'),

  select({ inputs, env, roles }) {
    const text = inputs.optional('sealed-session');
    if (text === undefined) {
      return notApplicable(
        whyNoSession(inputs),
        'Give the output "sealed-session" of the job that sealed it; it is empty where that job was skipped or is not in "needs".',
      );
    }
    const session = open(text, readSealing(inputs, env));
    if (session === undefined) throw rejected();
    const { accessKeyId, secretAccessKey, sessionToken, arn, region } = session;
    for (const secret of [accessKeyId, secretAccessKey, sessionToken]) if (secret) inputs.mask(secret);
    const roleSession = arn?.includes(':assumed-role/') ?? false;
    const source: SealedSource = { kind: 'sealed', session };
    return { source, because: '"sealed-session" is given', hops: roles, roleSession, region };
  },

  describe: ({ session: { job } }) => (/^[\w-]{1,100}$/.test(job) ? `sealed (by the job ${job})` : 'sealed'),

  async retrieve({ session }, { host }) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration, account, arn } = session;
    if (expiration !== undefined && Date.parse(expiration) <= host.now()) throw expired(expiration);
    return {
      credentials: {
        accessKeyId,
        secretAccessKey,
        sessionToken,
        expiration: expiration === undefined ? undefined : new Date(expiration),
      },
      // Sealed where STS was not asked (`verify-identity: false`): then it is asked here, unless that is said here too.
      ...(account === '' ? {} : { identity: { account, arn } }),
    };
  },
};

/** One message for every cause: it must not tell someone who tries keys or texts how far they got. */
function rejected(): CredentialError {
  return new CredentialError('SEAL_REJECTED', 'Input "sealed-session" does not open', {
    hint: 'Give it whole, as a job of this very workflow run put it out, with the "sealing-key" that job had and the same version of this action.',
  });
}

function expired(expiration: string): CredentialError {
  return new CredentialError('SEAL_REJECTED', `The session in "sealed-session" ended at ${expiration}`, {
    hint: 'Run all jobs again, the one that seals included, or let it ask for longer with "role-duration-seconds".',
  });
}
