// Builds dist/: tsc takes the types off, ncc bundles each entry, esbuild minifies the chunks that ncc's own `-m` leaves.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'build', 'js');

interface Asset {
  readonly source: string | Buffer;
}
type Ncc = (
  input: string,
  options: object,
) => Promise<{ readonly code: string; readonly assets: Readonly<Record<string, Asset>> }>;

/** Builds both entries below `folder`, as `main/` and `post/`; the same on every machine. */
export async function buildInto(folder: string): Promise<void> {
  rmSync(compiled, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  cpSync(join(root, 'package.json'), join(compiled, 'package.json'));
  for (const entry of ['main', 'post']) await bundle(entry, join(folder, entry));
}

async function bundle(entry: string, folder: string): Promise<void> {
  const ncc: Ncc = require('@vercel/ncc');
  const { code, assets } = await ncc(join(compiled, 'entry', `${entry}.js`), {
    cache: false,
    quiet: true,
    license: 'licenses.txt',
    target: 'es2022',
  });
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'index.js', minify(code));
  for (const [name, { source }] of Object.entries(assets)) {
    if (name === 'package.json') continue;
    write(folder, name, name.endsWith('.js') ? minify(String(source)) : source);
  }
}

function minify(code: string): string {
  return transformSync(code, { minify: true, format: 'esm', target: 'node20', legalComments: 'none', charset: 'utf8' })
    .code;
}

function write(folder: string, name: string, content: string | Buffer): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (import.meta.main) await buildInto(join(root, 'dist'));
