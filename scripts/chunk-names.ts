// Names the chunks that ncc returns: by number, each change of a module would rename them, and nobody could read the folder.
import { basename, dirname } from 'node:path/posix';
import type { Metafile } from 'esbuild';

interface Chunk {
  readonly id: string | number | null;
  /** Its `webpackChunkName`, if the import has one. */
  readonly names: readonly string[];
  readonly files: readonly string[];
  readonly initial: boolean;
  /** The imports that load it. */
  readonly origins: readonly { readonly request?: string | undefined }[];
  readonly modules: readonly { readonly name?: string | undefined }[];
}

/** What is read of webpack's stats: https://webpack.js.org/api/stats/#chunk-objects */
export interface Stats {
  toJson(options: object): { readonly chunks: readonly Chunk[] };
}

/** What ncc returns. */
export interface Bundle {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  readonly stats: Stats;
}

/** A bundle whose files have names that can be read: the entry, and its chunks by file name. */
export interface NamedBundle {
  readonly code: string;
  readonly chunks: Readonly<Record<string, string>>;
}

/** The line of the runtime that makes a chunk's file name of its id. */
const fileNameLine = 'return "" + chunkId + ".index.js";';

/**
 * Names each chunk by its `webpackChunkName`, else by the module whose `import()` it answers, else `shared-1` and so on.
 * Throws if two chunks get one name, and if ncc's runtime is not as expected.
 */
export function nameChunks({ code, assets, stats }: Bundle, { outputs }: Metafile): NamedBundle {
  const { chunks } = stats.toJson({ all: false, ids: true, chunks: true, chunkOrigins: true, chunkModules: true });
  const lazy = chunks.filter(({ initial }) => !initial);
  const names = namesOf(lazy, modulesOf(outputs));
  const twice = ['index', ...names.values()].find((name, index, all) => all.indexOf(name) < index);
  if (twice !== undefined) {
    throw new Error(`Two chunks have the name ${twice}: give one of the imports a webpackChunkName comment.`);
  }
  const files = lazy.map((chunk) => [`${names.get(chunk)}.js`, String(assets[chunk.files[0] ?? '']?.source)] as const);
  return { code: lazy.length === 0 ? code : withTable(code, names), chunks: Object.fromEntries(files) };
}

function withTable(code: string, names: ReadonlyMap<Chunk, string>): string {
  const [before = '', ...after] = code.split(fileNameLine);
  if (after.length !== 1) {
    throw new Error(
      `ncc's runtime holds the line ${fileNameLine} ${after.length} times: it must be there exactly once.`,
    );
  }
  const table = JSON.stringify(Object.fromEntries([...names].map(([{ id }, name]) => [String(id), name])));
  return `${before}return ${table}[chunkId] + ".js";${after.join('')}`;
}

/** The file that esbuild wrote for each lazily imported module, and the name that the module gives it. */
function modulesOf(outputs: Metafile['outputs']): ReadonlyMap<string, string> {
  const modules = Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
    // A folder's index.js has the folder's name.
    entryPoint === undefined ? [] : [[basename(file), entryPoint.replace(/(\/index)?\.\w+$/, '')] as const],
  );
  const count = (name: string) => modules.filter(([, module]) => basename(module) === name).length;
  // Files in two folders may have one name: then the folder is part of it.
  const nameOf = (module: string) =>
    count(basename(module)) === 1 ? basename(module) : `${basename(dirname(module))}-${basename(module)}`;
  return new Map(modules.map(([file, module]) => [file, nameOf(module)]));
}

function namesOf(chunks: readonly Chunk[], modules: ReadonlyMap<string, string>): ReadonlyMap<Chunk, string> {
  const named = chunks.map((chunk) => [chunk, chunk.names[0] ?? rootOf(chunk, modules)] as const);
  const loadedBy = ({ origins }: Chunk) => JSON.stringify(origins.map(({ request = '' }) => request).toSorted());
  const shared = named
    .flatMap(([chunk, name]) => (name === undefined ? [chunk] : []))
    .toSorted((one, other) => (loadedBy(one) < loadedBy(other) ? -1 : 1));
  return new Map(named.map(([chunk, name]) => [chunk, name ?? `shared-${shared.indexOf(chunk) + 1}`]));
}

/** The name of the one module in the chunk that is imported lazily; undefined if several imports share the chunk. */
function rootOf({ origins, modules }: Chunk, names: ReadonlyMap<string, string>): string | undefined {
  const within = new Set(modules.map(({ name = '' }) => basename(name.replace(/ \+ \d+ modules$/, ''))));
  const roots = [...new Set(origins.map(({ request = '' }) => basename(request)))].filter((file) => within.has(file));
  return roots.length === 1 ? names.get(roots[0] ?? '') : undefined;
}
