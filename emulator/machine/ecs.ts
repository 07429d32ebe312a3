import { type Inbound, json, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { World } from '../world/world.ts';
import { handOut } from './hand-out.ts';

/** The agent of ECS: who knows the id in a task's path is handed the credentials of its role. */
export function createEcs({ machines: { task } }: World, keyring: Keyring): Service {
  const asked = ({ method, path }: Inbound): boolean => method === 'GET' && path.startsWith('/ecs/v2/credentials/');
  return {
    name: 'ecs',
    describe: (request) => ({ operation: asked(request) ? 'TaskCredentials' : 'Unknown', parameters: {} }),
    answer: async (request) => {
      if (!asked(request)) throw new WireError(404, 'NotFound', '404 page not found');
      if (request.path !== `/ecs/v2/credentials/${task.credentialsId}`) {
        throw new WireError(400, 'InvalidIdInRequest', 'CredentialsV2Request: Credentials not found');
      }
      return json(200, { RoleArn: task.role, ...handOut(task, keyring) });
    },
    refuse: ({ status, code, message }) => json(status, { code, message, HTTPErrorCode: status }),
    throttle: () => new WireError(429, 'TooManyRequests', 'Too many requests'),
  };
}
