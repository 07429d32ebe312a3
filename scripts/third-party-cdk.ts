import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output, reasonOf, type Tool } from './third-party-tool.ts';

const manifests = fileURLToPath(new URL('../__tests__/third-party/cdk', import.meta.url));

/** The library of the AWS CDK, as its lock file has it; `path` is the folder that holds its node_modules. */
export async function installCdk(cache: string): Promise<Tool> {
  const lock = readFileSync(join(manifests, 'package-lock.json'), 'utf8');
  const version = `aws-cdk-lib ${JSON.parse(lock).packages['node_modules/aws-cdk-lib'].version}`;
  const folder = join(cache, `cdk-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  const done = join(folder, '.installed');
  const ready = { kind: 'ready', path: folder, version } as const;
  if (existsSync(done)) return ready;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(manifests, folder, { recursive: true });
    await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {}, folder);
    writeFileSync(done, '');
    return ready;
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}
