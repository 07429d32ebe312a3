// Prints the major tag that moves to a release, given the repository's tags on stdin; nothing where it stays.
import { text } from 'node:stream/consumers';

type Version = readonly [major: number, minor: number, patch: number];

/** The major tag of a release; `undefined` for a pre-release, and where a newer release of the same major is tagged. */
export function majorTag(tag: string, tags: readonly string[]): string | undefined {
  const released = versionOf(tag);
  if (released === undefined) return undefined;
  const newer = tags.some((each) => {
    const other = versionOf(each);
    return other !== undefined && other[0] === released[0] && isNewer(other, released);
  });
  return newer ? undefined : `v${released[0]}`;
}

/** A release's version; pre-releases and other tags have none. */
function versionOf(tag: string): Version | undefined {
  const [, major, minor, patch] = /^(?:refs\/tags\/)?v(\d+)\.(\d+)\.(\d+)$/.exec(tag.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

const isNewer = ([, minor, patch]: Version, [, thanMinor, thanPatch]: Version): boolean =>
  minor > thanMinor || (minor === thanMinor && patch > thanPatch);

if (import.meta.main) console.log(majorTag(process.argv[2] ?? '', (await text(process.stdin)).split('\n')) ?? '');
