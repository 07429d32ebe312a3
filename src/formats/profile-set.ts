import type { Quoting } from './command-line.ts';
import type { Value } from './profile-entries.ts';
import type { FileKind, HeaderSubject } from './profile-header.ts';
import { credentialKeys, nameKeys } from './profile-keys.ts';
import type { Problem } from './profile-problems.ts';
import { type FileReading, keyOfSubject, type Misnamed, type NamedSection, readSections } from './profile-sections.ts';

/** The texts of both files; undefined for a file that is not there. */
export interface SharedFileTexts {
  readonly config?: string | undefined;
  readonly credentials?: string | undefined;
}

/** A value, and the line that it is from. */
export interface Setting {
  readonly value: string;
  readonly file: FileKind;
  readonly line: number;
}

/** A line of one of the files. */
export interface SettingPlace {
  readonly file: FileKind;
  readonly line: number;
}

/** A profile as both files together give it, or an `sso-session` or `services` section. Keys without a value are not in it. */
export interface SharedSection {
  readonly name: string;
  /** By keys in small letters; a nested key has its parent's name before it, as `sts.endpoint_url`. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** Its headers: in the config file, then in the credentials file. */
  readonly headers: readonly SettingPlace[];
}

export type SharedSections = ReadonlyMap<string, SharedSection>;

/** What the two shared files hold. A section that a problem touches is to be refused. */
export interface SharedFiles {
  readonly profiles: SharedSections;
  readonly ssoSessions: SharedSections;
  readonly services: SharedSections;
  readonly problems: readonly Problem[];
  readonly misnamed: readonly Misnamed[];
  /** The headers of `[DEFAULT]` sections with keys, which botocore gives to every profile of the file and this step to none. */
  readonly dealt: readonly SettingPlace[];
}

/**
 * Reads the shared config and credentials files as the AWS CLI does; never throws.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function readSharedFiles(texts: SharedFileTexts, quoting: Quoting = 'posix'): SharedFiles {
  const config = readSections(texts.config ?? '', 'config', quoting);
  const credentials = readSections(texts.credentials ?? '', 'credentials', quoting);
  const known = new Set([...config.sections, ...credentials.sections].map(({ subject }) => keyOfSubject(subject)));
  const placed = [...inFile(config, 'config', known), ...inFile(credentials, 'credentials', known)];
  const ofKind = (kind: HeaderSubject['kind']): SharedSections => {
    const merged = new Map<string, SharedSection>();
    for (const { subject, section } of placed) {
      if (subject.kind === kind) merged.set(subject.name, merge(merged.get(subject.name), section));
    }
    return merged;
  };
  const places = ({ dealt }: FileReading, file: FileKind) => dealt.map((line) => ({ file, line }));
  return {
    profiles: ofKind('profile'),
    ssoSessions: ofKind('sso-session'),
    services: ofKind('services'),
    problems: [...config.problems, ...credentials.problems],
    misnamed: [...config.misnamed, ...credentials.misnamed],
    dealt: [...places(config, 'config'), ...places(credentials, 'credentials')],
  };
}

/** The problems that make this section unreadable, in the order of the files and their lines. */
export function problemsFor({ problems }: SharedFiles, name: string, kind: HeaderSubject['kind'] = 'profile') {
  return problems.filter(({ touches }) => touches.some((subject) => subject.kind === kind && subject.name === name));
}

/** The headers that were meant to name this section and that their file does not read so. */
export function misnamedAs({ misnamed }: SharedFiles, name: string, kind: HeaderSubject['kind'] = 'profile') {
  return misnamed.filter(({ meant }) => meant.kind === kind && meant.name === name);
}

/** A section of one file. */
interface Placed {
  readonly subject: HeaderSubject;
  readonly section: SharedSection;
}

function inFile({ sections }: FileReading, file: FileKind, known: ReadonlySet<string>): readonly Placed[] {
  return sections.map(({ subject, line, values }: NamedSection) => ({
    subject,
    section: {
      name: subject.name,
      headers: [{ file, line }],
      settings: new Map(
        [...values].map(([key, value]) => [key, { value: textOf(key, value, known), file, line: value.line }] as const),
      ),
    },
  }));
}

/** A name with a comment sign in it is whole if there is such a section. */
function textOf(key: string, { text, whole }: Value, known: ReadonlySet<string>): string {
  const kind = nameKeys.get(key);
  return kind !== undefined && known.has(keyOfSubject({ kind, name: whole })) ? whole : text;
}

/** The credentials file wins, key by key; the keys of the credentials come from one file together. */
function merge(config: SharedSection | undefined, section: SharedSection): SharedSection {
  if (config === undefined) return section;
  const [key] = credentialKeys;
  const losing = section.settings.has(key) || (!config.settings.has(key) && holdsKeys(section)) ? config : section;
  const left = [...losing.settings].filter(([name]) => !credentialKeys.some((credential) => credential === name));
  const other = losing === config ? section.settings : config.settings;
  const [first, second] = losing === config ? [left, other] : [other, left];
  return {
    name: section.name,
    headers: [...config.headers, ...section.headers],
    settings: new Map([...first, ...second]),
  };
}

function holdsKeys({ settings }: SharedSection): boolean {
  return credentialKeys.some((key) => settings.has(key));
}
