import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Emulator } from '../../emulator/contract.ts';

const { machines } = parse(readFileSync(new URL('../../emulator/world.yaml', import.meta.url), 'utf8'));

/** The variables that the machine of an example sets in its jobs, in addition to those of every job. */
export function machineOf(example: string, { url }: Pick<Emulator, 'url'>): Readonly<Record<string, string>> {
  switch (example) {
    case 'container.yml':
      return {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/eks/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: machines.pod.token,
      };
    case 'instance.yml':
      return { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/imds` };
    default:
      return {};
  }
}
