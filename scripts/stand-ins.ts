// What is left out of the packages beyond what esbuild finds to be unused, and what stands there instead.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';

const nowhere = 'throw new Error("left out of this bundle: see scripts/stand-ins.ts");';

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
  // Node has its own.
  [/checksum\/sha256\/Sha256Js\.js$/, 'export const Sha256Js = undefined;'],
];

/** The same in the AWS clients, which are told region, endpoint, retries and request handler: see adapters/aws/client-settings.ts. */
const standInsOfClients: readonly StandIn[] = [
  ...everywhere,
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

/** What is left out of a client. */
function standInsOf(client: string): readonly StandIn[] {
  if (client === '@aws-sdk/client-sts') return standInsOfClients;
  return client === '@aws-sdk/client-sso'
    ? [...standInsOfClients, unsigned, bodiless]
    : [...standInsOfClients, unsigned];
}

/** In which packages a module of Node is stood in for. */
const importersOf: Readonly<Record<string, RegExp>> = {
  'node:fs/promises': /node_modules\/@(smithy|aws-sdk)\//,
  'node:zlib': /node_modules\/@(smithy|aws-sdk)\//,
  'node:crypto': /node_modules\/@smithy\/core\/dist-es\/submodules\/serde\/index\.js$/,
};

/** Stands in for modules in the bundle of the entry, or in that of a client. */
export function standIns(client?: string): Plugin {
  const those = client === undefined ? everywhere : standInsOf(client);
  return { name: 'stand-in', setup: (build) => putInPlace(those, build) };
}

/** Files of packages that stood in nobody's way: an upgrade has moved them, and what was left out may be back. */
export function idleStandIns(): readonly string[] {
  const all = [...standInsOfClients, unsigned, bodiless];
  return all.filter(([file]) => !used.has(file)).map(([file]) => file.source);
}

const used = new Set<RegExp>();

function putInPlace(those: readonly StandIn[], { onResolve, onLoad }: PluginBuild): void {
  onResolve({ filter: /^node:/ }, ({ path, importer, kind }) =>
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
  // Of its package a client wants to know the version only.
  onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
    const { version }: { readonly version: string } = JSON.parse(readFileSync(path, 'utf8'));
    return { contents: JSON.stringify({ version }), loader: 'json' };
  });
}
