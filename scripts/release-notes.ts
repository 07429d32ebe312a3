// Prints what CHANGELOG.md says of a tag's version, for the release that is made of it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a release is made of. */
export interface Release {
  /** Such as v1.2.3. */
  readonly tag: string;
  /** What package.json says. */
  readonly version: string;
  readonly changelog: string;
}

/** The section of the tag's version, without its heading; throws where the three do not agree. */
export function releaseNotes({ tag, version, changelog }: Release): string {
  if (tag !== `v${version}`) {
    throw new Error(
      `The tag is ${tag}, and package.json says ${version}. Set the version, commit, and tag that commit.`,
    );
  }
  const sections = changelog.split(/^## +/m).slice(1);
  const section = sections.find((text) => headingOf(text) === version);
  if (section === undefined) {
    const headings = sections.map(headingOf).join(', ');
    throw new Error(
      `CHANGELOG.md has no heading "## ${version}", only: ${headings}. Put the version's notes under one.`,
    );
  }
  const notes = section.slice(section.indexOf('\n') + 1).trim();
  if (!section.includes('\n') || notes === '') throw new Error(`CHANGELOG.md says nothing under "## ${version}".`);
  return notes;
}

/** The version that a section is headed by: `1.2.3`, `[1.2.3]`, or either with a date behind it. */
const headingOf = (section: string): string =>
  (section.split('\n', 1)[0] ?? '')
    .trim()
    .replace(/ +- +\d{4}-\d\d-\d\d$/, '')
    .replace(/^\[(.*)\]$/, '$1');

if (import.meta.main) {
  const read = (name: string): string => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  try {
    console.log(releaseNotes({ tag: process.argv[2] ?? '', version, changelog: read('CHANGELOG.md') }));
  } catch (error) {
    console.error(`::error::${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
