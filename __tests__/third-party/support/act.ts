import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type ActRun, readActLog } from './act-log.ts';
import { pathOf, tools } from './tools.ts';

type Texts = Readonly<Record<string, string>>;

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What `act` is called with. */
export interface ActOptions {
  /** A name in the tree's .github/workflows. */
  readonly workflow: string;
  /** What is in every job's environment (`--env`). */
  readonly environment?: Texts;
  /** What act's secret file holds. */
  readonly secrets?: Texts;
  /** What is in the shell that act is called from. */
  readonly shell?: Texts;
  /** Files in the home of the caller. */
  readonly home?: Texts;
  readonly flags?: readonly string[];
}

/** A repository as a user has it: this action, a workflow folder, and a commit, which act asks for. */
export function makeTree(folder: string, workflows: Texts = {}): string {
  const tree = join(folder, 'tree');
  const places = join(tree, '.github', 'workflows');
  mkdirSync(places, { recursive: true });
  for (const name of ['action.yml', 'dist', 'examples'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  for (const name of readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.yml'))) {
    cpSync(join(root, 'examples', name), join(places, name));
  }
  for (const [name, text] of Object.entries(workflows)) writeFileSync(join(places, name), text);
  const git = (...given: readonly string[]) =>
    execFileSync('git', given, { cwd: tree, stdio: 'ignore', env: { PATH: process.env.PATH, HOME: folder } });
  git('init', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://github.com/octo-org/octo-repo.git');
  git('add', '--all');
  git('-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com', 'commit', '--message=All');
  return tree;
}

/** Runs a workflow of the tree by act on this host, with a home, a cache and a secret file of its own. */
export async function runAct(tree: string, options: ActOptions): Promise<ActRun> {
  const { workflow, environment = {}, secrets = {}, shell = {}, home = {}, flags = [] } = options;
  const own = mkdtempSync(join(dirname(tree), 'act-'));
  const secretFile = join(own, 'secrets');
  writeFileSync(
    secretFile,
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  for (const [path, text] of Object.entries(home)) {
    mkdirSync(join(own, dirname(path)), { recursive: true });
    writeFileSync(join(own, path), text);
  }
  const file = join('.github', 'workflows', workflow);
  const given = [
    eventOf(parse(String(execFileSync('git', ['show', `HEAD:${file}`], { cwd: tree })))),
    ...['-W', file, '--secret-file', secretFile],
    // On this host, whatever machine a job asks for.
    ...['ubuntu-latest', 'self-hosted'].flatMap((label) => ['-P', `${label}=-self-hosted`]),
    ...flags,
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  const child = spawn(pathOf(tools.act), given, {
    cwd: tree,
    env: { PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter), HOME: own, ...shell },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (log += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, log, home: own, jobs: readActLog(log) };
}

function eventOf({ on }: { readonly on: unknown }): string {
  if (typeof on === 'string') return on;
  const events = Array.isArray(on) ? on : Object.keys(on ?? {});
  return String(events[0]);
}
