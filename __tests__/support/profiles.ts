import { parseProfiles } from '../../src/adapters/aws/parse-profiles.ts';
import { maskSecrets } from '../../src/adapters/aws/shared-files.ts';
import type { Env, Files } from '../../src/contract/ports.ts';
import type { Profiles } from '../../src/contract/profiles.ts';
import type { PlanContext } from '../../src/plan/plan.ts';
import { memoryDisk } from './memory-disk.ts';

/** The shared files on a disk in memory, read as the adapter reads real ones. */
export async function profilesOn(disk: Files, env: Env, mask: (secret: string) => void = () => {}): Promise<Profiles> {
  const paths = {
    config: disk.locate(env.AWS_CONFIG_FILE || '~/.aws/config'),
    credentials: disk.locate(env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'),
  };
  const config = disk.read(paths.config) ?? '';
  const credentials = disk.read(paths.credentials) ?? '';
  const parsed = await parseProfiles({ config, credentials });
  maskSecrets(parsed, mask);
  return { ...parsed, paths };
}

/** What a plan may look at: an environment, and the machine's files by path, of which there are none unless given. */
export function surroundings(
  env: Env,
  files: Readonly<Record<string, string>> = {},
  mask?: (secret: string) => void,
): PlanContext {
  return { env, profiles: () => profilesOn(memoryDisk(files), env, mask) };
}
