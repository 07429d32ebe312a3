import type { Session } from '../contract/credentials.ts';
import { CredentialError } from '../contract/errors.ts';
import { type SealedSession, type Sealing, seal } from '../formats/seal.ts';
import { readSealing, readSealingKey } from '../inputs/sealing.ts';
import type { ReadyDelivery } from './delivery.ts';

/** The session as a text that passes through the outputs of a job, for later jobs of the same run that have the key. */
export const sealedDelivery: ReadyDelivery = {
  kind: 'sealed',

  wanted(inputs) {
    const wanted = inputs.flag('output-sealed-session', false);
    // A key that is missing or short is refused here, before any request.
    if (wanted) readSealingKey(inputs);
    return wanted;
  },

  deliver({ session }, { job, host, inputs }) {
    const content = contentOf(session, host.env.GITHUB_JOB ?? '');
    job.output('sealed-session', sealUnmasked(content, readSealing(inputs, host.env)));
    return 'sealed session as an output';
  },
};

function contentOf({ credentials, identity, region }: Session, job: string): SealedSession {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: expiration?.toISOString(),
    account: identity.account,
    arn: identity.arn,
    region,
    job,
  };
}

const tries = 100;

/** GitHub drops an output that holds a masked value, and a text that looks random may hold a short one by chance: seal again. */
function sealUnmasked(content: SealedSession, sealing: Sealing): string {
  const { accessKeyId, secretAccessKey, sessionToken = '', account, arn = '' } = content;
  const forms = [accessKeyId, secretAccessKey, sessionToken, account, arn, sealing.key].flatMap(formsOf);
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const text = seal(content, sealing);
    if (!forms.some((form) => text.includes(form))) return text;
  }
  throw new CredentialError('DELIVERY_FAILED', 'Every sealed text held a masked value, as one of them is very short', {
    hint: 'Hand over longer credentials.',
  });
}

/** The forms in which the runner masks a value that a text of letters, digits, - and _ can hold: itself, its lines, and each in base64. */
function formsOf(value: string): readonly string[] {
  return [value, ...value.split(/[\r\n]+/)]
    .filter((part) => part !== '')
    .flatMap((part) => [part, ...[0, 1, 2].map((shift) => base64From(part, shift))]);
}

/** Its form in the base64 of a longer text, at each of three offsets; the runner masks very short values whole. */
function base64From(value: string, shift: number): string {
  const bytes = Buffer.from(value);
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64');
}
