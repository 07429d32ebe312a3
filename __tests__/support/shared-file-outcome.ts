import { credentialKeys, knownKeys } from '../../src/formats/profile-keys.ts';
import { problemsFor, readSharedFiles, type SharedFileTexts } from '../../src/formats/profile-set.ts';
import type { Outcome } from './shared-file-rows.ts';

/** What our reader makes of a profile: refused for a line of the files, or for half a pair of keys. */
export function outcomeOf(texts: SharedFileTexts, name: string): Outcome {
  const files = readSharedFiles(texts);
  if (problemsFor(files, name).length > 0) return 'refused';
  const profile = files.profiles.get(name);
  if (profile === undefined) return 'absent';
  const [id, secret] = credentialKeys;
  if (profile.settings.has(id) !== profile.settings.has(secret)) return 'refused';
  const settings = [...profile.settings].map(([key, { value }]) => [key, value] as const);
  return ofConcern(Object.fromEntries(settings));
}

/** The keys that the step reads, and those of a service. */
export function ofConcern(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const concern = ([key]: readonly [string, string]) => knownKeys.has(key) || key.includes('.');
  return Object.fromEntries(Object.entries(settings).filter(concern).toSorted());
}
