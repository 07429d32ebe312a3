import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isExecutable, onPath, output, reasonOf, type Tool } from './third-party-tool.ts';

const requirements = fileURLToPath(new URL('../__tests__/third-party/requirements.txt', import.meta.url));
const atLeast = [3, 11] as const;

/** moto, boto3 and the AWS CLI in a virtual environment of their own; `path` is its folder of programs. */
export async function installPython(cache: string): Promise<Tool> {
  const pins = readFileSync(requirements, 'utf8');
  const version = ['moto', 'boto3', 'awscli'].map((name) => `${name} ${pinOf(pins, name)}`).join(', ');
  const folder = join(cache, `python-${createHash('sha256').update(pins).digest('hex').slice(0, 12)}`);
  const done = join(folder, 'bin', '.installed');
  const ready = { kind: 'ready', path: join(folder, 'bin'), version } as const;
  if (isFile(done) && isExecutable(join(folder, 'bin', 'moto_server'))) return ready;
  try {
    const python = await findPython();
    rmSync(folder, { recursive: true, force: true });
    await install(python, folder, ['--requirement', requirements]);
    writeFileSync(done, '');
    return ready;
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

/** Puts packages of PyPI into a virtual environment, made where it is not there. */
export async function install(python: string, folder: string, packages: readonly string[]): Promise<void> {
  const inside = join(folder, 'bin', 'python');
  const quietly = ['install', '--quiet', '--no-input', '--disable-pip-version-check', ...packages];
  try {
    await output(python, ['-m', 'venv', folder]);
    await output(inside, ['-m', 'pip', ...quietly]);
  } catch (error) {
    // Debian leaves pip out of what it calls Python; the pip that stands beside it can fill the environment too.
    if (isExecutable(join(folder, 'bin', 'pip')) || !(await hasPip(python))) throw error;
    await output(python, ['-m', 'venv', '--without-pip', '--clear', folder]);
    await output(python, ['-m', 'pip', '--python', inside, ...quietly]);
  }
}

async function hasPip(python: string): Promise<boolean> {
  return output(python, ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
}

/** The first Python on PATH that is new enough for what is pinned. */
export async function findPython(): Promise<string> {
  const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
  const test = `import sys; sys.exit(0 if sys.version_info >= (${atLeast.join(', ')}) else "too old")`;
  for (const name of names) {
    const python = onPath(name);
    if (python === undefined) continue;
    const fits = await output(python, ['-c', test]).then(
      () => true,
      () => false,
    );
    if (fits) return python;
  }
  throw new Error(`there is no Python ${atLeast.join('.')} or newer on PATH`);
}

const pinOf = (pins: string, name: string): string => new RegExp(`^${name}==(.*)$`, 'm').exec(pins)?.[1] ?? '';

function isFile(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
