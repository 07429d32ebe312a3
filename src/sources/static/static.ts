import type { Credentials } from '../../contract/credentials.ts';
import { invalidInput } from '../../contract/errors.ts';
import { isKey } from '../../formats/patterns.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { notApplicable, type Strategy } from '../source.ts';

/** The keys given as inputs. */
export interface StaticSource {
  readonly kind: 'static';
  readonly credentials: Credentials;
}

const names = ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'] as const;

/** Keys that the workflow hands over. */
export const staticSource: Strategy<StaticSource> = {
  kind: 'static',
  claimRank: 0,
  claim: (inputs) => names.find((name) => inputs.optional(name) !== undefined),

  select({ inputs, roles }) {
    if (staticSource.claim(inputs) === undefined) {
      return notApplicable('"aws-access-key-id" is not given', 'Give "aws-access-key-id" and "aws-secret-access-key".');
    }
    const source: StaticSource = { kind: 'static', credentials: readKeys(inputs) };
    return { source, because: '"aws-access-key-id" is given', hops: roles, roleSession: false };
  },

  describe: () => 'static keys',
  retrieve: async ({ credentials }) => ({ credentials }),
};

function readKeys(inputs: Inputs): Credentials {
  const [accessKeyId, secretAccessKey, sessionToken] = names.map((name) => {
    const value = inputs.secret(name);
    if (value === undefined || isKey(value)) return value;
    throw invalidInput(
      name,
      'holds a blank or a character that no key has.',
      'Store the key again, without quotes or line breaks.',
    );
  });
  if (accessKeyId === undefined) throw missing(names[0]);
  if (secretAccessKey === undefined) throw missing(names[1]);
  return { accessKeyId, secretAccessKey, sessionToken };
}

function missing(name: string): Error {
  return invalidInput(
    name,
    'is missing, while its counterpart is given.',
    `Give "${name}" too; an empty secret, as in a pull request from a fork, counts as not given.`,
  );
}
