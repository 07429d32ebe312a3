// Builds dist/ anew beside the committed one and compares them byte for byte.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build.ts';

const committed = fileURLToPath(new URL('../dist', import.meta.url));
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

try {
  await buildInto(fresh);
  const names = new Set([...filesOf(committed), ...filesOf(fresh)]);
  const different = [...names].filter(differs);
  for (const name of different) console.error(`dist/${name} is not what the sources build`);
  if (different.length > 0) {
    console.error('Run "npm run build" and commit dist/.');
    process.exitCode = 1;
  } else console.log(`dist/ is what the sources build (${names.size} files)`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
