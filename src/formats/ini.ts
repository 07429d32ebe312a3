import { subjectOf } from './profile-header.ts';
import { readLines, type Section } from './shared-file.ts';

export { isSecretKey, placeSection, secretsIn, unplaceSection } from './section-edit.ts';
export type { Section };

/** The sections of a shared AWS file, read as the AWS CLI reads them. */
export function sectionsIn(text: string): readonly Section[] {
  return readLines(text).sections;
}

/** The profile that a header of either shared file names; undefined if it names something else. */
export function profileNamed(header: string, file: 'credentials' | 'config'): string | undefined {
  const subject = subjectOf(header, file);
  return subject?.kind === 'profile' ? subject.name : undefined;
}
