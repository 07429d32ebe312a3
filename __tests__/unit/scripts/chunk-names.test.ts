import { describe, expect, test } from '@jest/globals';
import { type Bundle, nameChunks } from '../../../scripts/chunk-names.ts';

type Chunk = ReturnType<Bundle['stats']['toJson']>['chunks'][number];

const line = 'return "" + chunkId + ".index.js";';
const runtime = `u = (chunkId) => {\n${line}\n};`;

/** A chunk that the imports of `requests` load, with these files of esbuild in it. */
const chunk = (
  id: number,
  requests: readonly string[],
  modules: readonly string[],
  names: readonly string[] = [],
): Chunk => ({
  id,
  names,
  files: [`${id}.index.js`],
  initial: false,
  origins: requests.map((request) => ({ request: `./${request}` })),
  modules: modules.map((name) => ({ name: `./build/${name}` })),
});

const entry: Chunk = { ...chunk(1, ['main.js'], ['main.js'], ['main']), files: ['index.js'], initial: true };

const bundleOf = (chunks: readonly Chunk[], code = runtime): Bundle => ({
  code,
  assets: Object.fromEntries(chunks.map(({ id }) => [`${id}.index.js`, { source: `code of ${id}` }])),
  stats: { toJson: () => ({ chunks: [entry, ...chunks] }) },
});

/** esbuild's account of its files: each with the module that it was lazily imported for. */
const metafile = (entryPoints: Readonly<Record<string, string>>) => ({
  inputs: {},
  outputs: Object.fromEntries(
    Object.entries(entryPoints).map(([file, entryPoint]) => [
      `build/${file}`,
      { bytes: 1, inputs: {}, imports: [], exports: [], entryPoint },
    ]),
  ),
});

describe('names of chunks', () => {
  test.each([
    ['its webpackChunkName', chunk(7, ['a-1.js', 'b-2.js'], ['a-1.js', 'b-2.js'], ['roles']), 'roles'],
    ['the lazily imported module', chunk(7, ['a-1.js', 'a-1.js'], ['a-1.js', 'shared-3.js']), 'a'],
    ['the same, with others in one scope', chunk(7, ['a-1.js'], ['a-1.js + 2 modules']), 'a'],
    ['a number, if several imports share it', chunk(7, ['a-1.js', 'b-2.js'], ['shared-3.js']), 'shared-1'],
    ["a folder's index", chunk(7, ['index-4.js'], ['index-4.js']), 'streams'],
    ['the folder too, if two files have one name', chunk(7, ['select-5.js'], ['select-5.js']), 'sso-select'],
  ])('%s', (_rule, only, name) => {
    const modules = metafile({
      'a-1.js': 'src/a.ts',
      'b-2.js': 'src/b.ts',
      'index-4.js': 'lib/streams/index.js',
      'select-5.js': 'src/sources/sso/select.ts',
      'select-6.js': 'src/sources/oidc/select.ts',
    });
    expect(nameChunks(bundleOf([only]), modules)).toEqual({
      code: `u = (chunkId) => {\nreturn {"7":"${name}"}[chunkId] + ".js";\n};`,
      chunks: { [`${name}.js`]: 'code of 7' },
    });
  });

  test('the order of the chunks does not change the numbers of the shared ones', () => {
    const [one, two] = [chunk(7, ['a-1.js', 'b-2.js'], ['x.js']), chunk(8, ['a-1.js', 'c-3.js'], ['y.js'])];
    for (const chunks of [
      [one, two],
      [two, one],
    ]) {
      expect(nameChunks(bundleOf(chunks), metafile({})).chunks).toEqual({
        'shared-1.js': 'code of 7',
        'shared-2.js': 'code of 8',
      });
    }
  });

  test('an entry without chunks stays as it is', () => {
    expect(nameChunks(bundleOf([], 'code'), metafile({}))).toEqual({ code: 'code', chunks: {} });
  });

  test('two chunks of one name are an error', () => {
    const twins = [chunk(7, ['a-1.js'], ['a-1.js'], ['sso']), chunk(8, ['b-2.js'], ['b-2.js'])];
    expect(() => nameChunks(bundleOf(twins), metafile({ 'b-2.js': 'src/sso.ts' }))).toThrow(
      'Two chunks have the name sso: give one of the imports a webpackChunkName comment.',
    );
  });

  test.each([
    ['missing', 'u = (id) => id;', 0],
    ['there twice', `${runtime}${runtime}`, 2],
  ])('a runtime whose line is %s is an error', (_what, code, times) => {
    const one = chunk(7, ['a-1.js'], ['a-1.js'], ['a']);
    expect(() => nameChunks(bundleOf([one], code), metafile({}))).toThrow(`${times} times`);
  });
});
