// What esbuild does before ncc: it leaves out of the packages what is never called here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

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

const nowhere = 'throw new Error("left out of this bundle: see scripts/shake.ts");';

type StandIn = readonly [file: RegExp, contents: string];

/** What packages bring along for what is never done here, and what stands in its place: each costs time at every start. */
const standIns: readonly StandIn[] = [
  // Reads the shared config files, when it is called.
  [
    /^node:fs\/promises$/,
    "export const readFile = async (...read) => (await import('node:fs/promises')).readFile(...read);",
  ],
  // Checks event streams.
  [/^node:zlib$/, 'export const crc32 = undefined;'],
  // The global crypto brings all of WebCrypto in, and so does getRandomValues.
  [/^node:crypto$/, 'export const getRandomValues = undefined;'],
  [/serde\/uuid\/v4\.js$/, 'import { randomUUID } from "node:crypto"; export const bindV4 = () => () => randomUUID();'],
  // Node has its own.
  [/checksum\/sha256\/Sha256Js\.js$/, 'export const Sha256Js = undefined;'],
];

/** The same in the AWS clients, which are told region, endpoint, retries and request handler: see adapters/aws/client-settings.ts. */
const standInsOfClients: readonly StandIn[] = [
  ...standIns,
  [
    /config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    `export { CONFIG_PREFIX_SEPARATOR } from "./constants"; export const loadSharedConfigFiles = async () => { ${nowhere} };`,
  ],
  // The handler that is given is taken as it is.
  [
    /node-http-handler\/dist-es\/index\.js$/,
    'export const NodeHttpHandler = { create: (handler) => handler }; export { streamCollector } from "@smithy/core/serde";',
  ],
  // Signatures for several regions at once; without them a service's own region is signed for.
  [
    /signature-v4-multi-region\/dist-es\/index\.js$/,
    'import { SignatureV4 } from "@smithy/signature-v4"; export class SignatureV4MultiRegion extends SignatureV4 { static sigv4aDependency() { return "none"; } }',
  ],
  // For Lambda functions that call each other.
  [
    /lambda-invoke-store\/dist-es\/invoke-store\.js$/,
    'export const InvokeStore = { getInstanceAsync: async () => undefined };',
  ],
  [
    /regionConfig\/getInstanceMetadataRegion\.js$/,
    `export const getInstanceMetadataRegion = async () => { ${nowhere} };`,
  ],
  [
    /util-retry\/(Standard|Adaptive)RetryStrategy\.js$/,
    `export class StandardRetryStrategy { constructor() { ${nowhere} } } export const AdaptiveRetryStrategy = StandardRetryStrategy;`,
  ],
  // No answer is a stream.
  [/serde\/util-stream\/sdk-stream-mixin\.js$/, 'export const sdkStreamMixin = undefined;'],
  [/service-customizations\/index\.js$/, `export const resolveParamsForS3 = async () => { ${nowhere} };`],
];

/** STS alone is asked with a signature. */
const unsigned: StandIn = [
  /@smithy\/signature-v4\/dist-es\/index\.js$/,
  `export class SignatureV4 { constructor() { ${nowhere} } }`,
];

/** The portal of SSO is asked by paths and headers alone, never with a body. */
const bodiless: StandIn = [
  /json\/codec-v2\/JsonShapeSerializer2\.js$/,
  `export class JsonShapeSerializer2 { setSerdeContext() {} write() { ${nowhere} } flush() { ${nowhere} } }`,
];

const standInsOf = (client: string): readonly StandIn[] => {
  if (client === '@aws-sdk/client-sts') return standInsOfClients;
  return client === '@aws-sdk/client-sso'
    ? [...standInsOfClients, unsigned, bodiless]
    : [...standInsOfClients, unsigned];
};

/** In which packages a module of Node is stood in for. */
const importersOf: Readonly<Record<string, RegExp>> = {
  'node:fs/promises': /node_modules\/@(smithy|aws-sdk)\//,
  'node:zlib': /node_modules\/@(smithy|aws-sdk)\//,
  'node:crypto': /node_modules\/@smithy\/core\/dist-es\/submodules\/serde\/index\.js$/,
};

const standingIn = (those: readonly StandIn[]): Plugin => ({
  name: 'stand-in',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer, kind }) =>
      kind === 'import-statement' && importersOf[path]?.test(importer.replaceAll('\\', '/'))
        ? { path, namespace: 'stand-in' }
        : undefined,
    );
    const contentsFor = (path: string) => those.find(([file]) => file.test(path.replaceAll('\\', '/')))?.[1];
    onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: contentsFor(path) ?? '',
      loader: 'js',
    }));
    onLoad({ filter: /node_modules[\\/]@(smithy|aws-sdk|aws)[\\/].*\.js$/ }, ({ path }) => {
      const contents = contentsFor(path);
      return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: dirname(path) };
    });
    // Of its package a client wants to know the version only.
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version }: { readonly version: string } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
});

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
    plugins: [pureToolkit, fromShaken(clients.paths), standingIn(standIns)],
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
      plugins: [standingIn(standInsOf(client))],
    });
    paths.set(client, join(outdir, 'index.js'));
    files.push(...filesIn(metafile));
  }
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
