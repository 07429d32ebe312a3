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

/** The source for a profile of the shared files; `bases` are the sources that a profile may use. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
export function profileSource(bases: Bases): Strategy<ProfileSource> {
  return {
    kind: 'profile',
    // With a token, the profile only provides its settings.
    claim: (inputs) =>
      inputs.optional(input) !== undefined && inputs.optional('sso-token') === undefined ? input : undefined,

    async select(context): Promise<Selection<ProfileSource>> {
      const profileName = readName(context);
      const profiles = await readFiles(profileName, context);
      if ('reason' in profiles) return profiles;
      // Lazy import: keeps this out of the start-up path.
      const { selectProfile } = await import('./select.ts');
      const selection = await selectProfile(profileName, profiles, { context, bases });
      return 'reason' in selection && profileName.origin !== undefined
        ? { ...selection, requestedExplicitly: true }
        : selection;
    },

    describe: (source) => `profile ${source.name}: ${strategyFor(source.base.kind, bases).describe(source.base)}`,

    async retrieve(source, effects) {
      const withName = async <T>(act: () => Promise<T>): Promise<T> => {
        try {
          return await act();
        } catch (error) {
          if (!(error instanceof CredentialError)) throw error;
          const { code, message, hint, cause } = error;
          throw new CredentialError(code, `Profile ${source.name}: ${message}`, { hint, cause });
        }
      };
      const retrieved = await withName(() => strategyFor(source.base.kind, bases).retrieve(source.base, effects));
      return 'mintToken' in retrieved ? { mintToken: () => withName(retrieved.mintToken) } : retrieved;
    },
  };
}

function readName({ inputs, env }: SourceContext): ProfileName {
  const given = inputs.optional(input);
  const name = given ?? (env[variable] || undefined);
  if (name === undefined) return { name: 'default', origin: undefined };
  if (/\p{Cc}/u.test(name)) {
    const hint = 'Write only the name, as in the brackets after "profile".';
    if (given !== undefined) throw invalidInput(input, 'contains a control character.', hint);
    throw new CredentialError('INPUT_INVALID', `${variable} contains a control character`, { hint });
  }
  return { name, origin: given === undefined ? variable : `"${input}"` };
}

/** Unreadable files are an error only if a profile is requested. */
async function readFiles(
  { origin }: ProfileName,
  { inputs, profiles }: SourceContext,
): Promise<Profiles | NotApplicable> {
  try {
    return await profiles();
  } catch (error) {
    const requested = origin !== undefined || inputs.elements('source').includes('profile');
    if (requested || !(error instanceof CredentialError)) throw error;
    return notApplicable(error.message, error.hint);
  }
}
