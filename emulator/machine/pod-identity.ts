import { json, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { World } from '../world/world.ts';
import { handOut } from './hand-out.ts';

/** The agent of EKS Pod Identity: a pod shows the token of its service account; refusals are plain text. */
export function createPodIdentity({ machines: { pod } }: World, keyring: Keyring): Service {
  return {
    name: 'eks',
    describe: ({ method, path }) => ({
      operation: method === 'GET' && path === '/eks/v1/credentials' ? 'PodCredentials' : 'Unknown',
      parameters: {},
    }),
    answer: async ({ method, path, headers }) => {
      if (method !== 'GET' || path !== '/eks/v1/credentials')
        throw new WireError(404, 'NotFound', '404 page not found');
      if (!headers.authorization) throw new WireError(400, 'BadRequest', 'Service account token cannot be empty');
      if (headers.authorization !== pod.token) {
        throw new WireError(
          400,
          'InvalidTokenException',
          '(InvalidTokenException): Service account token is not valid',
        );
      }
      return json(200, { ...handOut(pod, keyring), AccountId: pod.role.split(':')[4] });
    },
    refuse: ({ status, message }) => ({ status, headers: { 'content-type': 'text/plain' }, body: `${message}\n` }),
    throttle: () => new WireError(429, 'TooManyRequests', 'Too many requests'),
  };
}
