// Builds dist/: esbuild leaves out what is never called, ncc makes the files that the runner starts, esbuild minifies them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin, transformSync } from 'esbuild';
import { type Bundle, nameChunks } from './chunk-names.ts';
import { licensesOf } from './licenses.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

type Ncc = (input: string, options: object) => Promise<Bundle>;

/**
 * Says neither "module" nor "commonjs", whatever the project's own package.json says. So ncc writes CommonJS, which Node
 * starts some milliseconds faster, and Node takes it as that.
 */
const typeless = '{}\n';

/** `@actions/*` does not declare that its modules do nothing when loaded; without that, core's HTTP client would be in post. */
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
 * The clients' default credential chain, which only their constructors import: nothing here constructs one. esbuild keeps
 * what its `import()`s load even so: 48 kB of code in the chunks of others.
 */
const unusedChain: Plugin = {
  name: 'unused-chain',
  setup({ onResolve }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }));
  },
};

const settings = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  metafile: true,
  plugins: [pureToolkit, unusedChain],
  // ncc takes the working folder along if it reads `process.cwd()`.
  define: { 'process.cwd': 'globalThis.process.cwd' },
  // The CommonJS packages require Node's own modules only.
  banner: { js: 'const require = process.getBuiltinModule;' },
} satisfies BuildOptions;

/** Builds both entries below `folder`, as `main/` and `post/`; the same on every machine. */
export async function buildInto(folder: string): Promise<void> {
  // ncc makes the ids of modules of their paths from the working folder.
  process.chdir(root);
  const shaken = join(root, 'build', 'shaken');
  rmSync(shaken, { recursive: true, force: true });
  for (const entry of ['main', 'post']) await bundle(entry, join(shaken, entry), join(folder, entry));
  write(folder, 'package.json', typeless);
}

async function bundle(entry: string, shaken: string, folder: string): Promise<void> {
  const { metafile } = await build({
    ...settings,
    entryPoints: [join(root, 'src', 'entry', `${entry}.ts`)],
    outdir: shaken,
  });
  write(shaken, 'package.json', typeless);
  const ncc: Ncc = require('@vercel/ncc');
  const bundled = await ncc(join(shaken, `${entry}.js`), { cache: false, quiet: true });
  const { code, chunks } = nameChunks(bundled, metafile);
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'index.js', minify(code));
  for (const [name, source] of Object.entries(chunks)) write(folder, name, minify(source));
  write(folder, 'licenses.txt', licensesOf(filesIn(metafile), root));
}

/**
 * ncc's own minifying omits the chunks. V8 skims a function until it is called, but reads an arrow function in full:
 * with ordinary functions main takes 4 % less CPU time.
 */
function minify(code: string): string {
  const supported = { arrow: false };
  return transformSync(code, { minify: true, target: 'node20', legalComments: 'none', supported }).code;
}

function filesIn({ outputs }: Metafile): readonly string[] {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

function write(folder: string, name: string, content: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (import.meta.main) await buildInto(join(root, 'dist'));
