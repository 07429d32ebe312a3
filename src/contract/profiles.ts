import { CredentialError } from './errors.ts';

/** Keys and values; a nested key has its parent's name before it, as `sts.endpoint_url`. */
export type SectionValues = ReadonlyMap<string, string>;

/** Sections by the name in their header. */
export type Sections = ReadonlyMap<string, SectionValues>;

/** What the shared config and credentials files of AWS hold. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
export interface Profiles {
  /** Where they were looked for. */
  readonly paths: { readonly config: string; readonly credentials: string };
  /** The profiles of either file. */
  readonly config: Sections;
  readonly credentials: Sections;
  /** `[sso-session …]` and `[services …]`, which are in the config file. */
  readonly ssoSessions: Sections;
  readonly services: Sections;
}

/** One profile, as both files together give it: the credentials file wins, key by key. */
export interface Profile {
  readonly name: string;
  get(key: string): string | undefined;
  /** What is wrong with it, naming its file; the problem is a clause that never quotes a value which may be secret. */
  refuse(key: string, problem: string, hint: string): CredentialError;
}

/** The profile of that name, where one of the files has it. */
export function findProfile({ config, credentials, paths }: Profiles, name: string): Profile | undefined {
  const inConfig = config.get(name);
  const inCredentials = credentials.get(name);
  if (inConfig === undefined && inCredentials === undefined) return undefined;
  const home = inConfig === undefined ? paths.credentials : paths.config;
  return {
    name,
    get: (key) => inCredentials?.get(key) ?? inConfig?.get(key),
    refuse(key, problem, hint) {
      const file = inCredentials?.has(key) ? paths.credentials : inConfig?.has(key) ? paths.config : home;
      return new CredentialError('INPUT_INVALID', `Profile ${name} in ${file}: "${key}" ${problem}`, { hint });
    },
  };
}

/** A section of another kind that the profile uses, such as the `[sso-session …]` that it names. */
export function findSection(sections: Sections, name: string): ((key: string) => string | undefined) | undefined {
  const section = sections.get(name);
  return section === undefined ? undefined : (key) => section.get(key);
}

/** Every profile's name, in order. */
export function profileNames({ config, credentials }: Profiles): readonly string[] {
  return [...new Set([...config.keys(), ...credentials.keys()])].toSorted();
}
