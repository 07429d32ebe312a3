import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Profiles } from '../../contract/profiles.ts';
import { absent, type Offer, type Strategy, strategyFor, type Wish } from '../source.ts';
import type { Bases } from './base-source.ts';
import type { Asked, ProfileSource } from './select.ts';

const input = 'source-profile';
const variable = 'AWS_PROFILE';

/** A profile is another way to write a plan: `bases` are the sources that one may stand for. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
export function profileOver(bases: Bases): Strategy<ProfileSource> {
  return {
    kind: 'profile',
    // With a token, the profile holds the settings that go with it.
    claim: (inputs) =>
      inputs.optional(input) !== undefined && inputs.optional('sso-token') === undefined ? input : undefined,

    async select(wish): Promise<Offer<ProfileSource>> {
      const asked = readName(wish);
      const profiles = await readFiles(asked, wish);
      if ('absent' in profiles) return profiles;
      // Loaded where a profile is asked for.
      const { offerOf } = await import('./select.ts');
      const offer = await offerOf(asked, profiles, { wish, bases });
      return 'absent' in offer && asked.origin !== undefined ? { ...offer, standing: 'named' } : offer;
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

function readName({ inputs, env }: Wish): Asked {
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
  { origin }: Asked,
  { inputs, profiles }: Wish,
): Promise<Profiles | Extract<Offer<never>, { readonly absent: unknown }>> {
  try {
    return await profiles();
  } catch (error) {
    const asked = origin !== undefined || inputs.elements('source').includes('profile');
    if (asked || !(error instanceof CredentialError)) throw error;
    return absent(error.message, error.hint);
  }
}
