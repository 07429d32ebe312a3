import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';
import type { Profiles, Sections } from '../../contract/profiles.ts';

/** The texts of both files; empty where there is no file. */
export interface SharedTexts {
  readonly config: string;
  readonly credentials: string;
}

/** The sections of both files, as AWS's SDK for JavaScript reads them. Never quotes a text. */
export async function parseProfiles({ config, credentials }: SharedTexts): Promise<Omit<Profiles, 'paths'>> {
  // It takes texts in place of files under these names, which are no paths, so that it opens none itself.
  const names = { configFilepath: 'the shared config file', filepath: 'the shared credentials file' };
  externalDataInterceptor.interceptFile(names.configFilepath, readable(config));
  externalDataInterceptor.interceptFile(names.filepath, readable(credentials));
  const { configFile, credentialsFile } = await loadSharedConfigFiles(names);
  const inConfig = sectionsOf(configFile);
  const kind = (prefix: string): Sections =>
    new Map(
      [...inConfig].flatMap(([name, settings]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), settings]] : [],
      ),
    );
  return {
    config: new Map([...inConfig].filter(([name]) => !/^(?:sso-session|services)\./.test(name))),
    credentials: sectionsOf(credentialsFile),
    ssoSessions: kind('sso-session.'),
    services: kind('services.'),
  };
}

function sectionsOf(file: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>): Sections {
  return new Map(
    Object.entries(file)
      .filter(([name]) => name !== dropped)
      .map(([name, section]) => [
        name,
        new Map(Object.entries(section).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
      ]),
  );
}

/** What a section is called that is dropped; this character is taken out of the texts first. */
const dropped = '\0';

/**
 * The parser keeps sections in a plain object: one named as what every object has would change that for the whole
 * process, or make it give up the file. Such a section is dropped; no tool that uses this parser can read it.
 */
function readable(text: string): string {
  return text
    .replaceAll(dropped, '')
    .replace(/^[^\S\n]*\[(?:profile\s)?(\w+)\]/gm, (header, name: string) => (name in {} ? `[${dropped}]` : header));
}
