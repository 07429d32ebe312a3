// What esbuild does before ncc: it leaves out of the packages what is never called here.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { idleStandIns, standIns } from './stand-ins.ts';

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

const settings = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  define: {
    // Asking whether a body is a web stream loads all of Node's; node:http never hands one out.
    ReadableStream: 'undefined',
    // Where ncc reads `process.cwd()`, it takes the whole folder that it runs in for files to go along.
    'process.cwd': 'globalThis.process.cwd',
  },
} satisfies BuildOptions;

/** Where the compiled sources are, where the shaken ones go, and the project's root. */
export interface Places {
  readonly root: string;
  readonly compiled: string;
  readonly shaken: string;
}

/** Shakes an entry and all that it loads; returns the files of which something is left. */
export async function shake(entry: string, { root, compiled, shaken }: Places): Promise<readonly string[]> {
  const wires = await shakeWires({ root, compiled, shaken });
  const { metafile } = await build({
    ...settings,
    absWorkingDir: root,
    metafile: true,
    entryPoints: [join(compiled, 'entry', `${entry}.js`)],
    outdir: join(shaken, entry),
    plugins: [pureToolkit, fromShaken(wires.folder), standIns('entry')],
    // What is CommonJS among the packages requires Node's own modules, and nothing else.
    banner: { js: 'const require = process.getBuiltinModule;' },
  });
  if (idleStandIns().length > 0) throw new Error(`nothing to leave out at ${idleStandIns().join(', ')}`);
  const own = filesIn(metafile);
  return own.some((file) => file.includes('/protocols/')) ? [...own, ...wires.files] : own;
}

interface Wires {
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Shakes what each service of AWS needs of the SDK by itself. Services that shared their common code would load the sum of
 * what all of them need, and one file more.
 */
async function shakeWires({ root, compiled, shaken }: Places): Promise<Wires> {
  const source = join(compiled, 'adapters', 'aws', 'protocols');
  const folder = join(shaken, 'protocols');
  const files: string[] = [];
  for (const name of readdirSync(source).toSorted()) {
    const { metafile } = await build({
      ...settings,
      absWorkingDir: root,
      metafile: true,
      entryPoints: [join(source, name)],
      outdir: folder,
      plugins: [standIns('wire')],
    });
    files.push(...filesIn(metafile));
  }
  return { folder, files };
}

function fromShaken(folder: string): Plugin {
  return {
    name: 'shaken-wires',
    setup({ onResolve }) {
      onResolve({ filter: /\/protocols\/[\w-]+\.js$/ }, ({ path }) => ({ path: join(folder, basename(path)) }));
    },
  };
}

function filesIn({ outputs }: Metafile): readonly string[] {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}
