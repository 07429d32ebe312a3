import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { userKeys } from '../emulator/support/wire.ts';
import { pythonVariables } from './support/moto.ts';
import { ssoTokens } from './support/secrets.ts';
import { pathOf, tools } from './support/tools.ts';

const script = fileURLToPath(new URL('support/requests.py', import.meta.url));
const onPython = tools.python.kind === 'ready' ? describe : describe.skip;

onPython('the emulator takes what others sign', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  /** Runs a program of the virtual environment; the emulator answers it meanwhile. */
  async function run(program: string, given: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const child = spawn(join(pathOf(tools.python), program), given, {
      env: { ...pythonVariables(), ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return (await text(child.stdout)).trim();
  }

  test('boto3, for every operation and a request of each kind', async () => {
    const { accessKeyId, secretAccessKey } = userKeys;
    const token = await emulator.idToken({ audience: 'sts.amazonaws.com' });
    const given = [script, emulator.url, accessKeyId, secretAccessKey, token, ssoTokens.accessToken];
    const session = 'arn:aws:sts::111111111111:assumed-role/long/boto3';
    expect(JSON.parse(await run('python', given))).toEqual({
      'a user': 'arn:aws:iam::111111111111:user/ci',
      'a role': session,
      'another region': session,
      'every parameter': session,
      'a token': session,
      'the portal': expect.stringMatching(
        /^arn:aws:sts::111111111111:assumed-role\/AWSReservedSSO_\w+\/octocat@example\.com$/,
      ),
      'a wrong secret': '403 SignatureDoesNotMatch',
      'a wrong token': '403 InvalidClientTokenId',
      'a role that trusts someone else': '403 AccessDenied',
    });
  });

  test('the AWS CLI', async () => {
    const { accessKeyId, secretAccessKey } = userKeys;
    const variables = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      // botocore reads no AWS_REGION.
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_STS: `${emulator.url}/sts`,
    };
    const role = ['--role-arn', 'arn:aws:iam::111111111111:role/long', '--role-session-name', 'cli'];
    const given = ['sts', 'assume-role', ...role, '--output', 'text', '--query', 'AssumedRoleUser.Arn'];
    expect(await run('aws', given, variables)).toBe('arn:aws:sts::111111111111:assumed-role/long/cli');
  });
});
