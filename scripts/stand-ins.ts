// What is left out of the packages beyond what esbuild finds to be unused, and what stands there instead.
import { dirname } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';

type StandIn = readonly [file: RegExp, contents: string];

/** What packages bring along for what is never done here, and what stands in its place: each costs time at every start. */
const everywhere: readonly StandIn[] = [
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
  // Of it the toolkit wants to know one thing.
  [/^os$/, "export const EOL = process.platform === 'win32' ? '\\r\\n' : '\\n';"],
  // Node has its own.
  [/checksum\/sha256\/Sha256Js\.js$/, 'export const Sha256Js = undefined;'],
];

/** The same in what each service of AWS needs of the SDK. */
const standInsOfWires: readonly StandIn[] = [
  ...everywhere,
  // No answer is a stream, of events or otherwise.
  [
    /submodules\/event-streams\/index\.js$/,
    'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;',
  ],
  [/serde\/util-stream\/sdk-stream-mixin\.js$/, 'export const sdkStreamMixin = undefined;'],
  // What would evaluate the rules of endpoints; of all that, the table of partitions is asked.
  [/client\/util-endpoints\/aws\.js$/, 'export const awsEndpointFunctions = undefined;'],
];

/** In which packages a module of Node is stood in for. */
const importersOf: Readonly<Record<string, RegExp>> = {
  os: /node_modules\/@actions\/core\/lib\/(core|command|file-command)\.js$/,
  'node:fs/promises': /node_modules\/@(smithy|aws-sdk)\//,
  'node:zlib': /node_modules\/@(smithy|aws-sdk)\//,
  'node:crypto': /node_modules\/@smithy\/core\/dist-es\/submodules\/serde\/index\.js$/,
};

/** Stands in for modules in the bundle of the entry, or in those of the wires. */
export function standIns(bundle: 'entry' | 'wire'): Plugin {
  const those = bundle === 'entry' ? everywhere : standInsOfWires;
  return { name: 'stand-in', setup: (build) => putInPlace(those, build) };
}

/** Files of packages that stood in nobody's way: an upgrade has moved them, and what was left out may be back. */
export function idleStandIns(): readonly string[] {
  return standInsOfWires.filter(([file]) => !used.has(file)).map(([file]) => file.source);
}

const used = new Set<RegExp>();

function putInPlace(those: readonly StandIn[], { onResolve, onLoad }: PluginBuild): void {
  onResolve({ filter: /^(node:|os$)/ }, ({ path, importer, kind }) =>
    kind === 'import-statement' && importersOf[path]?.test(importer.replaceAll('\\', '/'))
      ? { path, namespace: 'stand-in' }
      : undefined,
  );
  const contentsFor = (path: string): string | undefined => {
    const [file, contents] = those.find(([file]) => file.test(path.replaceAll('\\', '/'))) ?? [];
    if (file !== undefined) used.add(file);
    return contents;
  };
  onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
    contents: contentsFor(path) ?? '',
    loader: 'js',
  }));
  onLoad({ filter: /node_modules[\\/]@(smithy|aws-sdk|aws)[\\/].*\.js$/ }, ({ path }) => {
    const contents = contentsFor(path);
    return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: dirname(path) };
  });
}
