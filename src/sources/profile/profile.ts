import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Profiles } from '../../contract/profiles.ts';
import {
  type NotApplicable,
  notApplicable,
  type Selection,
  type SourceContext,
  type Strategy,
  strategyFor,
} from '../source.ts';
import type { Bases } from './base-source.ts';
import type { ProfileName, ProfileSource } from './select.ts';

const input = 'source-profile';
const variable = 'AWS_PROFILE';

/** A profile is another way to write a plan: `bases` are the sources that one may stand for. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
export function profileSource(bases: Bases): Strategy<ProfileSource> {
  return {
    kind: 'profile',
    // With a token, the profile holds the settings that go with it.
    claim: (inputs) =>
      inputs.optional(input) !== undefined && inputs.optional('sso-token') === undefined ? input : undefined,

    async select(context): Promise<Selection<ProfileSource>> {
      const asked = readName(context);
      const profiles = await readFiles(asked, context);
      if ('reason' in profiles) return profiles;
      // Loaded where a profile is asked for.
      const { selectProfile } = await import('./select.ts');
      const selection = await selectProfile(asked, profiles, { context, bases });
      return 'reason' in selection && asked.origin !== undefined
        ? { ...selection, requestedExplicitly: true }
        : selection;
    },

    describe: (source) => `profile ${source.name}: ${strategyFor(source.base.kind, bases).describe(source.base)}`,

    async retrieve(source, effects) {
      const named = async <T>(act: () => Promise<T>): Promise<T> => {
        try {
          return await act();
        } catch (error) {
          if (!(error instanceof CredentialError)) throw error;
          const { code, message, hint, cause } = error;
          throw new CredentialError(code, `Profile ${source.name}: ${message}`, { hint, cause });
        }
      };
      const retrieved = await named(() => strategyFor(source.base.kind, bases).retrieve(source.base, effects));
      return 'mintToken' in retrieved ? { mintToken: () => named(retrieved.mintToken) } : retrieved;
    },
  };
}

function readName({ inputs, env }: SourceContext): ProfileName {
  const given = inputs.optional(input);
  const name = given ?? (env[variable] || undefined);
  if (name === undefined) return { name: 'default', origin: undefined };
  if (/\p{Cc}/u.test(name)) {
    const hint = 'Write the name alone, as it stands in the brackets behind "profile".';
    if (given !== undefined) throw invalidInput(input, 'holds more than the name of a profile.', hint);
    throw new CredentialError('INPUT_INVALID', `${variable} holds more than the name of a profile`, { hint });
  }
  return { name, origin: given === undefined ? variable : `"${input}"` };
}

/** Files that cannot be read are no failure where nobody asked for a profile. */
async function readFiles(
  { origin }: ProfileName,
  { inputs, profiles }: SourceContext,
): Promise<Profiles | NotApplicable> {
  try {
    return await profiles();
  } catch (error) {
    const asked = origin !== undefined || inputs.elements('source').includes('profile');
    if (asked || !(error instanceof CredentialError)) throw error;
    return notApplicable(error.message, error.hint);
  }
}
