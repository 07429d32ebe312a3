import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  if (existsSync(done) && isExecutable(join(folder, 'bin', 'moto_server'))) return ready;
  try {
    const python = await findPython();
    rmSync(folder, { recursive: true, force: true });
    // Wheels alone: a source package runs code of its own while it is installed.
    await install(python, folder, ['--require-hashes', '--only-binary', ':all:', '--requirement', requirements]);
    writeFileSync(done, '');
    return ready;
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

/** Puts packages of PyPI into a new virtual environment. */
export async function install(python: string, folder: string, packages: readonly string[]): Promise<void> {
  const quietly = ['install', '--quiet', '--no-input', '--disable-pip-version-check', ...packages];
  const inside = join(folder, 'bin', 'python');
  const hasPip = await works(python, ['-m', 'venv', folder]);
  // Debian leaves pip out of what it calls Python, and keeps it in a package that needs no more than to be unpacked.
  if (!hasPip) await output(python, ['-m', 'venv', '--without-pip', '--clear', folder]);
  await output(inside, [...(hasPip ? ['-m', 'pip'] : [await unpackedPip(join(folder, 'debian'))]), ...quietly]);
}

async function unpackedPip(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await output('apt-get', ['download', '--quiet', 'python3-pip-whl'], {}, folder);
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('Debian gave no package with pip');
  await output('dpkg-deb', ['--extract', join(folder, file), folder]);
  const wheels = join(folder, 'usr', 'share', 'python-wheels');
  const [wheel] = readdirSync(wheels).filter((name) => /^pip-.*\.whl$/.test(name));
  if (wheel === undefined) throw new Error("Debian's package has no pip in it");
  return join(wheels, wheel, 'pip');
}

const works = (program: string, given: readonly string[]): Promise<boolean> =>
  output(program, given).then(
    () => true,
    () => false,
  );

/** The first Python on PATH that is new enough for what is pinned. */
export async function findPython(): Promise<string> {
  const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
  const test = `import sys; sys.exit(0 if sys.version_info >= (${atLeast.join(', ')}) else "too old")`;
  for (const name of names) {
    const python = onPath(name);
    if (python === undefined) continue;
    if (await works(python, ['-c', test])) return python;
  }
  throw new Error(`there is no Python ${atLeast.join('.')} or newer on PATH`);
}

const pinOf = (pins: string, name: string): string => new RegExp(`^${name}==([^\\s;]+)`, 'm').exec(pins)?.[1] ?? '';
