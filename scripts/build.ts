// Builds dist/: tsc takes the types off, esbuild leaves out what is never called, ncc makes the files that the runner starts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { licencesOf } from './licences.ts';
import { type Places, shake } from './shake.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const places: Places = { root, compiled: join(root, 'build', 'js'), shaken: join(root, 'build', 'shaken') };

interface Asset {
  readonly source: string | Buffer;
}
type Ncc = (
  input: string,
  options: object,
) => Promise<{ readonly code: string; readonly assets: Readonly<Record<string, Asset>> }>;

/**
 * Says neither "module" nor "commonjs", whatever the project's own package.json says. So ncc writes CommonJS, which Node
 * starts some milliseconds faster, and Node takes it as that.
 */
const typeless = '{}\n';

/** Builds both entries below `folder`, as `main/` and `post/`; the same on every machine. */
export async function buildInto(folder: string): Promise<void> {
  for (const stage of [places.compiled, places.shaken]) rmSync(stage, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  for (const entry of ['main', 'post']) await bundle(entry, join(folder, entry));
  write(folder, 'package.json', typeless);
}

async function bundle(entry: string, folder: string): Promise<void> {
  const files = await shake(entry, places);
  write(join(places.shaken, entry), 'package.json', typeless);
  const ncc: Ncc = require('@vercel/ncc');
  const input = join(places.shaken, entry, `${entry}.js`);
  // "es5" concerns what webpack puts around the modules: functions in parentheses, which V8 does not skim first.
  const { code, assets } = await ncc(input, { cache: false, quiet: true, target: 'es5' });
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'index.js', minify(code));
  for (const [name, { source }] of Object.entries(assets)) {
    if (name !== 'package.json') write(folder, name, name.endsWith('.js') ? minify(String(source)) : source);
  }
  write(folder, 'licences.txt', licencesOf(files, root));
}

/**
 * ncc's own minifying stops at the entry; this does the chunks as well. V8 skims a function until it is called, but reads
 * an arrow function in full; and it keeps a file in half the space where that is ASCII.
 */
function minify(code: string): string {
  const options = { minify: true, target: 'node20', legalComments: 'none', charset: 'ascii' } as const;
  return transformSync(code, { ...options, supported: { arrow: false } }).code;
}

function write(folder: string, name: string, content: string | Buffer): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (import.meta.main) await buildInto(join(root, 'dist'));
