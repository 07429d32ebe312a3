// Builds dist/: tsc takes the types off, esbuild leaves out what is never called, ncc makes the files that the runner starts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin, transformSync } from 'esbuild';
import { licencesOf } from './licences.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'build', 'js');
const shaken = join(root, 'build', 'shaken');

interface Asset {
  readonly source: string | Buffer;
}
type Ncc = (
  input: string,
  options: object,
) => Promise<{ readonly code: string; readonly assets: Readonly<Record<string, Asset>> }>;

/** The toolkit does not say that its modules do nothing when loaded; they do not, and core alone would bring exec and io in. */
const pureToolkit: Plugin = {
  name: 'pure-toolkit',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@actions\/|^\./ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === 'asked') return undefined;
      const result = await resolve(path, { ...options, pluginData: 'asked' });
      return /node_modules[\\/]@actions[\\/]/.test(result.path) ? { ...result, sideEffects: false } : result;
    });
  },
};

/**
 * Modules of Node that the SDK loads at once for what is never done here: reading shared config files, checking event
 * streams. They cost milliseconds at every start, so the first is loaded when it is called and the second left out.
 */
const standIns: Readonly<Record<string, string>> = {
  'node:fs/promises':
    "export const readFile = async (...read) => (await import('node:fs/promises')).readFile(...read);",
  'node:zlib': 'export const crc32 = undefined;',
};

const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(fs\/promises|zlib)$/ }, ({ path, importer, kind }) =>
      kind === 'import-statement' && /node_modules[\\/]@(smithy|aws-sdk)[\\/]/.test(importer)
        ? { path, namespace: 'stand-in' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({ contents: standIns[path] ?? '', loader: 'js' }));
  },
};

/** Builds both entries below `folder`, as `main/` and `post/`; the same on every machine. */
export async function buildInto(folder: string): Promise<void> {
  for (const stage of [compiled, shaken]) rmSync(stage, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  for (const entry of ['main', 'post']) await bundle(entry, join(folder, entry));
}

async function bundle(entry: string, folder: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(compiled, 'entry', `${entry}.js`)],
    outdir: join(shaken, entry),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    treeShaking: true,
    metafile: true,
    legalComments: 'none',
    plugins: [pureToolkit, lazyBuiltins],
    // What is CommonJS among the packages requires Node's own modules.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
  const ncc: Ncc = require('@vercel/ncc');
  const { code, assets } = await ncc(join(shaken, entry, `${entry}.js`), {
    cache: false,
    quiet: true,
    target: 'es2022',
  });
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'index.js', minify(code));
  for (const [name, { source }] of Object.entries(assets)) {
    if (name !== 'package.json') write(folder, name, name.endsWith('.js') ? minify(String(source)) : source);
  }
  write(folder, 'licences.txt', licencesOf(filesIn(metafile), root));
}

/** The files of which something is left. */
function filesIn({ outputs }: Metafile): readonly string[] {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

/** ncc's own minifying stops at the entry; this does the chunks as well. */
function minify(code: string): string {
  const options = { minify: true, format: 'esm', target: 'node20', legalComments: 'none', charset: 'utf8' } as const;
  return transformSync(code, options).code;
}

function write(folder: string, name: string, content: string | Buffer): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (import.meta.main) await buildInto(join(root, 'dist'));
