// What esbuild does before ncc: it leaves out of the packages what is never called here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const clients = await shakeClients({ root, compiled, shaken });
  const { metafile } = await build({
    ...settings,
    absWorkingDir: root,
    metafile: true,
    entryPoints: [join(compiled, 'entry', `${entry}.js`)],
    outdir: join(shaken, entry),
    plugins: [pureToolkit, fromShaken(clients.paths), standIns()],
    // What is CommonJS among the packages requires Node's own modules, and nothing else.
    banner: { js: 'const require = process.getBuiltinModule;' },
  });
  const own = filesIn(metafile);
  return own.some((file) => file.includes('/clients/')) ? [...own, ...clients.files] : own;
}

interface Clients {
  readonly paths: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

/**
 * Shakes each AWS client by itself, for what the adapters import of it. Clients that shared their common code would load
 * the sum of what all of them need, and one file more.
 */
async function shakeClients({ root, compiled, shaken }: Places): Promise<Clients> {
  const imports = importsOfClients(join(compiled, 'adapters', 'aws'));
  const paths = new Map<string, string>();
  const files: string[] = [];
  for (const [client, names] of imports) {
    const outdir = join(shaken, 'clients', client.replace('@aws-sdk/', ''));
    const { metafile } = await build({
      ...settings,
      absWorkingDir: root,
      metafile: true,
      stdin: {
        contents: `export { ${names.join(', ')} } from '${client}';`,
        resolveDir: root,
        sourcefile: 'client.js',
      },
      outdir,
      entryNames: 'index',
      plugins: [standIns(client)],
    });
    paths.set(client, join(outdir, 'index.js'));
    files.push(...filesIn(metafile));
  }
  if (idleStandIns().length > 0) throw new Error(`nothing to leave out at ${idleStandIns().join(', ')}`);
  return { paths, files };
}

/** The names that the compiled adapters import of each client. */
function importsOfClients(adapters: string): ReadonlyMap<string, readonly string[]> {
  const statement = /import \{([^}]*)\} from ['"](@aws-sdk\/client-[\w-]+)['"]/g;
  const found = new Map<string, readonly string[]>();
  for (const name of readdirSync(adapters).toSorted()) {
    for (const [, names = '', client = ''] of readFileSync(join(adapters, name), 'utf8').matchAll(statement)) {
      const imported = names
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
      found.set(client, [...new Set([...(found.get(client) ?? []), ...imported])].toSorted());
    }
  }
  return found;
}

function fromShaken(paths: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'shaken-clients',
    setup({ onResolve }) {
      onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path }) => {
        const shaken = paths.get(path);
        return shaken === undefined ? undefined : { path: shaken };
      });
    },
  };
}

function filesIn({ outputs }: Metafile): readonly string[] {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}
