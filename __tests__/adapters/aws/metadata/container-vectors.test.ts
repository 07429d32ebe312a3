import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { retrieve } from '../../../../src/sources/index.ts';
import { memoryAws, memoryHost, memoryJob } from '../../../support/memory.ts';
import { connect, nock, openConnections } from '../../../support/nock.ts';
import { planFrom } from '../../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

/** What an AWS SDK asks, or refuses to ask, by the environment. */
interface RequestCase {
  readonly description: string;
  readonly env: Texts;
  readonly token_file?: { readonly type: string; readonly content?: string };
  readonly expect: { readonly type: string; readonly request: { readonly uri: string; readonly headers: Texts } };
}

/** What an AWS SDK makes of an answer. */
interface ResponseCase {
  readonly description: string;
  readonly response: { readonly status: number; readonly headers?: Texts; readonly body?: string };
  readonly expect: { readonly type: string; readonly credentials?: Texts; readonly metadata?: Texts };
}

/** The same as a request case, as another SDK writes it. */
interface UriCase {
  readonly docs: string;
  readonly env: Texts;
  readonly result: { readonly Ok?: string };
}

/** Cases from AWS's own SDKs, beside the project where they are kept; none is overridden by a decision of ours. */
const vectors = fileURLToPath(new URL('../../../../../shared/vectors/', import.meta.url));
const here = existsSync(`${vectors}http-endpoint`);
if (!here) console.log('The vectors of the AWS SDKs are not beside this project: they are left out.');
const read = (file: string) => (here ? JSON.parse(readFileSync(vectors + file, 'utf8')) : []);
const requestCases: readonly RequestCase[] = [
  ...read('http-endpoint/ecs_credentials_request.json'),
  ...read('http-endpoint/uri-token-resolution.json'),
];
const responseCases: readonly ResponseCase[] = read('http-endpoint/ecs_credentials_response.json');
const uriCases: readonly UriCase[] = here ? read('assume-role/ecs-tests.json').tests : [];

beforeEach(() => {
  // The cases are from before their credentials ended. The clock alone is theirs, no timer.
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2023-06-01T00:00:00Z'));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** What is asked, or the code of the error; nothing is asked where there is one. */
async function asked(env: Texts, files: Texts = {}): Promise<unknown> {
  const aws = memoryAws();
  const outcome = await planFrom({ with: { source: 'container' }, env })
    .then(({ plan }) => retrieve(plan.trunk.source, { aws, host: memoryHost(memoryJob(), { env, files }) }))
    .then(
      () => undefined,
      (error) => error.code,
    );
  const [call] = aws.calls;
  return call?.call === 'ContainerCredentials' && outcome === undefined
    ? { uri: call.request.url, authorization: call.request.authorization }
    : outcome;
}

(here ? describe : describe.skip)('the AWS SDKs agree', () => {
  test('every case is here', () => {
    expect([requestCases.length, responseCases.length, uriCases.length]).toEqual([24, 5, 11]);
  });

  for (const { description, env, token_file: file, expect: wanted } of requestCases) {
    test(`${description}: ${JSON.stringify(env)}`, async () => {
      const path = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '';
      const files = file?.content === undefined ? {} : { [path]: file.content };
      expect(await asked(env, files)).toEqual(
        wanted.type === 'success'
          ? { uri: wanted.request.uri, authorization: wanted.request.headers.Authorization }
          : expect.stringMatching(/^(INPUT_INVALID|TOKEN_UNREADABLE)$/),
      );
    });
  }

  for (const { docs, env, result } of uriCases) {
    test(`${docs}: ${JSON.stringify(env)}`, async () => {
      expect(await asked(env)).toEqual(
        result.Ok === undefined ? expect.stringMatching(/^(INPUT_INVALID|NO_SOURCE)$/) : { uri: result.Ok },
      );
    });
  }

  for (const { description, response, expect: wanted } of responseCases) {
    test(`${description}: ${response.status}`, async () => {
      nock('http://169.254.170.2').get('/').reply(response.status, response.body, response.headers);
      const network = { attempts: 1, endpoints: { sts: undefined, sso: undefined } };
      const wire = { network, connections: async () => openConnections(network), log() {}, mask() {} };
      const url = 'http://169.254.170.2/';
      const outcome = await connect(wire)
        .getContainerCredentials({ url, origin: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' })
        .catch((error: unknown) => error);
      const { access_key_id, secret_access_key, session_token, expiration = '' } = wanted.credentials ?? {};
      if (wanted.type === 'success') {
        // Its account is not one: nothing of it is taken for an identity.
        expect(outcome).toEqual({
          credentials: {
            accessKeyId: access_key_id,
            secretAccessKey: secret_access_key,
            sessionToken: session_token,
            expiration: new Date(expiration),
          },
        });
      } else {
        const code = expect.stringMatching(/^(ACCESS_DENIED|SERVICE_UNAVAILABLE|PROTOCOL_ERROR)$/);
        const words = [String(response.status), ...Object.values(wanted.metadata ?? {})].join(', ');
        expect(outcome).toMatchObject({ code, message: expect.stringContaining(`HTTP ${words}`) });
      }
    });
  }
});
