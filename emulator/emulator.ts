import { randomBytes } from 'node:crypto';
import { createOpenIdTokens } from './cognito/openid-tokens.ts';
import { createCognito } from './cognito/service.ts';
import type { Emulator, EmulatorOptions, RequestRecord } from './contract.ts';
import { createIssuer } from './github/issuer.ts';
import { createGithub } from './github/service.ts';
import type { Service } from './http/exchange.ts';
import { createFaults } from './http/faults.ts';
import { close, createEmulatorServer, listen } from './http/server.ts';
import { createKeyring } from './iam/keyring.ts';
import { createEcs } from './machine/ecs.ts';
import { createMetadata } from './machine/metadata.ts';
import { createPodIdentity } from './machine/pod-identity.ts';
import { createLogins } from './sso/logins.ts';
import { createSsoOidc } from './sso/oidc.ts';
import { createPortal } from './sso/portal.ts';
import { createSts } from './sts/service.ts';
import { readWorld } from './world/world.ts';

/** Starts an emulator of GitHub's token issuer, STS, the SSO portal, its OIDC service, Cognito's identity pools and the endpoints of machines on AWS on a port of its own; any number may run at once. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { now = Date.now, latency = 0, port = 0 } = options;
  const { lifetime } = options;
  const world = readWorld({ ...options.world, ...(lifetime === undefined ? {} : { lifetime }) }, options.job);
  const keyring = createKeyring(world, now);
  const logins = createLogins(world.sso, now);
  const requestToken = randomBytes(48).toString('base64url');
  const faults = createFaults();
  const log: RequestRecord[] = [];
  // Filled when the port, and so the issuer's name, is known; no request comes before that.
  const services: Service[] = [];
  const controls = {
    requests: () => [...log],
    fault: faults.add,
    limitLifetime: keyring.limitLifetime,
    reset: () => {
      log.length = 0;
      faults.clear();
    },
  };

  const server = createEmulatorServer({ services, faults, log, latency }, controls);
  const url = `http://127.0.0.1:${await listen(server, port)}`;
  const issuer = createIssuer(
    `${url}/github`,
    world.job,
    now,
    options.issuer === 'real' ? `https://${world.issuer}` : undefined,
  );
  const metadata = createMetadata(world, keyring, now);
  const tokens = createOpenIdTokens(now);
  services.push(
    createGithub(issuer, requestToken),
    createSts({ world, keyring, issuer, tokens, now }),
    createPortal({ world, keyring, logins }),
    createSsoOidc(logins),
    createCognito({ world, keyring, issuer, tokens, now }),
    createEcs(world, keyring),
    createPodIdentity(world, keyring),
    metadata,
  );

  return {
    url,
    environment: {
      // Clients append `&audience=`, so a query must be there already.
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/github/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      AWS_ENDPOINT_URL_STS: `${url}/sts`,
      AWS_ENDPOINT_URL_SSO: `${url}/sso`,
      AWS_ENDPOINT_URL_SSO_OIDC: `${url}/sso-oidc`,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY: `${url}/cognito-identity`,
    },
    ...controls,
    secrets: () => [
      requestToken,
      ...logins.secrets(),
      world.machines.pod.token,
      ...metadata.tokens(),
      ...keyring.secrets(),
      ...issuer.tokens(),
      ...tokens.tokens(),
    ],
    idToken: issuer.sign,
    close: () => close(server),
  };
}
