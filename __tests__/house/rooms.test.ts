import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)))
  .map((path) => path.slice('src/'.length));

/** The table of docs/architecture.md: a room, and the rooms and files that it may import. */
const rules = new Map(
  [...read('docs/architecture.md').matchAll(/^\| `([\w./-]+)` \| (.*)\|$/gm)].map(([, room = '', row = '']) => [
    room,
    [...row.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name),
  ]),
);

const isIn = (path: string, room: string): boolean => path === room || (room.endsWith('/') && path.startsWith(room));

/** The innermost room of a file. */
const roomOf = (path: string): string =>
  [...rules.keys()].filter((room) => isIn(path, room)).toSorted((a, b) => b.length - a.length)[0] ?? '';

const importsOf = (path: string): readonly string[] =>
  [...read(`src/${path}`).matchAll(/(?:from|import\()\s*(?:\/\*.*?\*\/\s*)?'(\.[^']+)'/g)].map(([, target = '']) =>
    posix.join(dirname(path), target),
  );
const imports = new Map(files.map((path) => [path, importsOf(path)]));

/** A source's folder, such as `sso`; empty for what several sources use. */
const kindOf = (path: string): string => /^sources\/([\w-]+)\//.exec(path)?.[1] ?? '';

/** The first path that leads from a file back to itself. */
function circleFrom(start: string): readonly string[] | undefined {
  const trails: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (let trail = trails.shift(); trail !== undefined; trail = trails.shift()) {
    for (const next of imports.get(trail.at(-1) ?? '') ?? []) {
      if (next === start) return [...trail, next];
      if (seen.has(next)) continue;
      seen.add(next);
      trails.push([...trail, next]);
    }
  }
  return undefined;
}

describe('the rooms', () => {
  test('every room of the table is there, and at most four files are loose', () => {
    expect([...rules.keys()].filter((room) => !files.some((path) => isIn(path, room)))).toEqual([]);
    expect(files.filter((path) => !path.includes('/')).length).toBeLessThanOrEqual(4);
  });

  test.each(files)('%s is in a room and imports only what its row names', (path) => {
    const room = roomOf(path);
    expect(rules.has(room)).toBe(true);
    const allowed = rules.get(room) ?? [];
    const others = (imports.get(path) ?? []).filter((target) => roomOf(target) !== room);
    expect(others.filter((target) => !allowed.some((name) => isIn(target, name)))).toEqual([]);
  });

  test('no circle of files', () => {
    expect(files.flatMap((path) => circleFrom(path) ?? [])).toEqual([]);
  });

  test('the folder of a source is named as its kind and imports no other source, except the bases of profiles', () => {
    const folders = [...new Set(files.map(kindOf).filter((kind) => kind !== ''))];
    const faces = folders.filter((kind) => !read(`src/sources/${kind}/${kind}.ts`).includes(`kind: '${kind}'`));
    expect(faces).toEqual([]);
    const across = files
      .filter((path) => kindOf(path) !== '' && path !== 'sources/profile/base-source.ts')
      .filter((path) => (imports.get(path) ?? []).some((target) => !['', kindOf(path)].includes(kindOf(target))));
    expect(across).toEqual([]);
  });

  test('a delivery imports no other delivery', () => {
    const shared = ['delivery', 'undo', 'save-undo', 'file-errors', 'job-folder', 'inherited-credentials', 'index'];
    const nameOf = (path: string): string => /^deliveries\/([\w-]+)/.exec(path)?.[1] ?? '';
    const across = files
      .filter((path) => path.startsWith('deliveries/') && !shared.includes(nameOf(path)))
      .flatMap((path) =>
        (imports.get(path) ?? []).filter(
          (target) => target.startsWith('deliveries/') && ![...shared, nameOf(path)].includes(nameOf(target)),
        ),
      );
    expect(across).toEqual([]);
  });
});
