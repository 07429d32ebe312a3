import { type CredentialError, invalidInput } from '../../contract/errors.ts';
import { profileNamed, type Section, sectionsIn } from '../../formats/ini.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { ProfileFile, ProfileSection } from './profile-files.ts';

/** The input that names the profiles. */
export type NamingInput = 'aws-profile' | 'profiles';

/** A profile that exists and must stay. */
export interface Obstacle {
  readonly path: string;
  readonly profile: string;
  readonly found: 'once' | 'several times';
}

/** The sections of a text by the profile that they hold, as one of the two files is read. */
function sectionsByProfile(text: string, file: ProfileSection['file']): ReadonlyMap<string, readonly Section[]> {
  const found = new Map<string, readonly Section[]>();
  for (const section of sectionsIn(text)) {
    const name = profileNamed(section.header, file);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), section]);
  }
  return found;
}

/** What keeps the sections of a file from being written. */
export function obstaclesIn(text: string, { path, sections }: ProfileFile, inputs: Inputs): readonly Obstacle[] {
  const overwrite = inputs.flag('overwrite-aws-profile', false);
  const byFile = {
    credentials: sectionsByProfile(text, 'credentials'),
    config: sectionsByProfile(text, 'config'),
  };
  return sections.flatMap(({ file, profile }) => {
    const count = byFile[file].get(profile)?.length ?? 0;
    if (count > 1) return { path, profile, found: 'several times' as const };
    return count === 1 && !overwrite ? { path, profile, found: 'once' as const } : [];
  });
}

/** The section that a profile has in the text. */
export function existingSection(text: string, { file, profile }: ProfileSection): Section | undefined {
  return sectionsByProfile(text, file).get(profile)?.[0];
}

/** The profiles of a text, each as `file name`. */
export function existingNames(text: string): ReadonlySet<string> {
  const files = ['credentials', 'config'] as const;
  return new Set(files.flatMap((file) => [...sectionsByProfile(text, file).keys()].map((name) => `${file} ${name}`)));
}

/** One refusal for all profiles that must stay; undefined if there is none. */
export function refuseObstacles(obstacles: readonly Obstacle[], input: NamingInput): CredentialError | undefined {
  const [first] = obstacles;
  if (first === undefined) return undefined;
  const several = obstacles.filter(({ found }) => found === 'several times');
  const duplicates = 'Leave one of its sections in the file: AWS tools do not agree on which one counts.';
  const overwrite = 'or set "overwrite-aws-profile: true"; after the job it is put back.';
  if (input === 'aws-profile') {
    const problem = `names the profile ${first.profile}, which ${first.path} holds`;
    if (first.found === 'several times') return invalidInput(input, `${problem} more than once.`, duplicates);
    return invalidInput(input, `${problem} already.`, `Choose another name, ${overwrite}`);
  }
  if (several.length > 0)
    return invalidInput(input, `names profiles that are in a file more than once: ${listed(several)}.`, duplicates);
  return invalidInput(
    input,
    `names profiles that exist already: ${listed(obstacles)}.`,
    `Choose other names, ${overwrite}`,
  );
}

function listed(obstacles: readonly Obstacle[]): string {
  const paths = [...new Set(obstacles.map(({ path }) => path))];
  const namesIn = (path: string) => obstacles.flatMap((found) => (found.path === path ? found.profile : [])).join(', ');
  return paths.map((path) => `${namesIn(path)} in ${path}`).join('; ');
}
