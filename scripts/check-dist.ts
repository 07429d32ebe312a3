// Builds dist/ in a temporary folder and compares it with the committed one byte for byte; the README's tables as well.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build.ts';
import { withTables } from './readme.ts';

const committed = fileURLToPath(new URL('../dist', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const fresh = mkdtempSync(join(tmpdir(), 'dist-'));

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)))
    .sort();
}

function differs(name: string): boolean {
  const present = filesOf(committed).includes(name) && filesOf(fresh).includes(name);
  return !present || !readFileSync(join(committed, name)).equals(readFileSync(join(fresh, name)));
}

function readmeDiffers(): boolean {
  const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
  const readme = read('README.md');
  return withTables(readme, { action: read('action.yml'), sources: read('docs', 'sources.md') }) !== readme;
}

try {
  await buildInto(fresh);
  const names = new Set([...filesOf(committed), ...filesOf(fresh)]);
  const different = [...names].filter(differs);
  for (const name of different) console.error(`dist/${name} is not what the sources build`);
  const stale = readmeDiffers();
  if (stale) console.error('The tables of README.md are not what action.yml and docs/sources.md say');
  if (stale || different.length > 0) {
    console.error('Run "npm run build" and commit dist/ and README.md.');
    process.exitCode = 1;
  } else console.log(`dist/ is what the sources build (${names.size} files)`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
