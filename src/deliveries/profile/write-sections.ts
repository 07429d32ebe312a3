import { randomUUID } from 'node:crypto';
import type { ProfileSession } from '../../contract/credentials.ts';
import type { Machine } from '../../contract/ports.ts';
import { placeSection, secretsIn } from '../../formats/ini.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { type DeliveryEffects, digest, marker, type UndoSection } from '../delivery.ts';
import { existingNames, existingSection, type NamingInput, obstaclesIn, refuseObstacles } from './existing-profiles.ts';
import { checkValues, type Keys, type ProfileFile, profileFilesOf, touching } from './profile-files.ts';

/** Looks, before any request, whether the sections can be written. Throws CredentialError, of all profiles that exist already. */
export function checkSections(names: readonly string[], input: NamingInput, inputs: Inputs, host: Machine): void {
  const files = profileFilesOf(names, host);
  const obstacles = files.flatMap((file) =>
    touching(file, () => obstaclesIn(host.files.read(file.path) ?? '', file, inputs)),
  );
  const refusal = refuseObstacles(obstacles, input);
  if (refusal !== undefined) throw refusal;
  for (const file of files) touching(file, () => host.files.checkWritable(file.path));
}

/** Writes a section for each session into each shared file, which is edited once. Throws CredentialError. */
export function writeSections(profiles: readonly ProfileSession[], input: NamingInput, effects: DeliveryEffects): void {
  for (const profile of profiles) checkValues(profile);
  const { host, record } = effects;
  const owner = randomUUID();
  const names = profiles.map(({ name }) => name);
  const files = profileFilesOf(names, host);
  const folders = new Set(files.flatMap((file) => touching(file, () => host.files.missingFolders(file.path))));
  record([
    ...[...folders].map((path) => ({ undo: 'folder', path }) as const),
    ...files.map(({ path }) => ({ undo: 'discard', path, owner }) as const),
  ]);
  const sessions = new Map(profiles.map(({ name, session }) => [name, session]));
  for (const file of files) {
    const contents = file.sections.map((section) => {
      const session = sessions.get(section.profile);
      return session === undefined ? {} : section.keysOf(session);
    });
    touching(file, () => writeFile(file, contents, { owner, input }, effects));
  }
}

/** All sections of one file; what it takes to take them out again is saved before the file is replaced. */
function writeFile(
  file: ProfileFile,
  contents: readonly Keys[],
  { owner, input }: { readonly owner: string; readonly input: NamingInput },
  { job, host, inputs, record }: DeliveryEffects,
): void {
  const { path, sections } = file;
  // By its owner's name it differs from one that another job writes alike, and says that it will be taken back.
  const comment = inputs.flag('cleanup', true) ? `${marker} ${owner}` : undefined;
  host.files.edit(path, owner, (present) => {
    const refusal = refuseObstacles(obstaclesIn(present ?? '', file, inputs), input);
    if (refusal !== undefined) throw refusal;
    const existing = existingNames(present ?? '');
    const empty = present === '' ? 'kept' : 'removed';
    let text = present ?? '';
    const undo = sections.map((section, index): UndoSection => {
      const { header } = section;
      const old = existing.has(`${section.file} ${section.profile}`) ? existingSection(text, section) : undefined;
      const placed = placeSection(text, { header, keys: contents[index] ?? {}, comment }, old);
      text = placed.text;
      const { before, joint } = placed;
      for (const secret of secretsIn(before)) job.mask(secret);
      return { undo: 'section', path, header, ours: digest(placed.section), before, joint, empty, owner };
    });
    record(undo);
    return text;
  });
}
