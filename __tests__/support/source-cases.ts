import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from '../../src/sources/index.ts';
import type { SourceCase } from './source-case.ts';

const folder = fileURLToPath(new URL('../sources/', import.meta.url));

/** The name of every source of the registry, in its order. */
export const kinds: readonly string[] = sources.map(({ kind }) => kind);

/** The names of the folders that hold a case. */
export const caseFolders: readonly string[] = readdirSync(folder).filter((name) =>
  existsSync(join(folder, name, 'case.ts')),
);

const loaded = await Promise.all(
  kinds
    .filter((kind) => caseFolders.includes(kind))
    .map(async (kind) => {
      const { sourceCase }: { readonly sourceCase: SourceCase } = await import(`../sources/${kind}/case.ts`);
      return sourceCase;
    }),
);

/** The case of every source of the registry that has one; plan.test.ts names those that have none. */
export const sourceCases: readonly SourceCase[] = loaded;
