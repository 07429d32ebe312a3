import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { readWorld } from '../../emulator/world/world.ts';

const { task, pod } = readWorld().machines;
const sessions = { sessionName: 'i-0', sessionDuration: 60 };
let emulator: Emulator;
let strict: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  strict = await startEmulator({
    world: { machines: { instance: { ...sessions, role: 'arn:aws:iam::111111111111:role/a', tokens: 'required' } } },
  });
});
afterAll(() => Promise.all([emulator.close(), strict.close()]));

type Headers = Readonly<Record<string, string>>;
const ask = (path: string, headers: Headers = {}, method = 'GET', at = emulator) =>
  fetch(at.url + path, { method, headers });
const token = async (at = emulator) =>
  (await ask('/imds/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '60' }, 'PUT', at)).text();
const roles = '/imds/latest/meta-data/iam/security-credentials/';

/** Who the keys of an answer are, by STS. */
async function ownerOf(answer: Response): Promise<string | undefined> {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
  } = JSON.parse(await answer.text());
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const sts = new STSClient({ region: 'us-east-1', endpoint: `${emulator.url}/sts`, credentials });
  return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
}

describe('ECS', () => {
  test('hands a task the credentials of its role', async () => {
    const answer = await ask(`/ecs/v2/credentials/${task.credentialsId}`);
    expect(await answer.clone().json()).toMatchObject({ RoleArn: task.role, Expiration: expect.stringMatching(/Z$/) });
    expect(await ownerOf(answer)).toBe(`arn:aws:sts::111111111111:assumed-role/ecs-task/${task.sessionName}`);
  });

  test.each([
    ['/ecs/v2/credentials/another', 400, 'InvalidIdInRequest'],
    ['/ecs/v3', 404, 'NotFound'],
  ])('%s: %i', async (path, status, code) => {
    const answer = await ask(path);
    expect([answer.status, JSON.parse(await answer.text()).code]).toEqual([status, code]);
  });
});

describe('EKS Pod Identity', () => {
  test('hands a pod the credentials of its role', async () => {
    const answer = await ask('/eks/v1/credentials', { authorization: pod.token });
    expect(await answer.clone().json()).toMatchObject({ AccountId: '111111111111' });
    expect(await ownerOf(answer)).toMatch(/assumed-role\/eks-pod\//);
  });

  test.each<[Headers, string]>([
    [{}, 'Service account token cannot be empty'],
    [{ authorization: 'another' }, 'Service account token is not valid'],
  ])('%j: refused in plain text', async (headers, words) => {
    const answer = await ask('/eks/v1/credentials', headers);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe('EC2 instance metadata', () => {
  test('version 2: a token, the role, its credentials', async () => {
    const headers = { 'x-aws-ec2-metadata-token': await token() };
    expect(await (await ask(roles, headers)).text()).toBe('ec2-instance');
    const answer = await ask(`${roles}ec2-instance`, headers);
    expect(await answer.clone().json()).toMatchObject({ Code: 'Success', Type: 'AWS-HMAC' });
    expect(await ownerOf(answer)).toBe('arn:aws:sts::111111111111:assumed-role/ec2-instance/i-0123456789abcdef0');
    expect(emulator.secrets()).toContain(headers['x-aws-ec2-metadata-token']);
  });

  test('version 1, where it is allowed', async () => {
    expect((await ask(roles)).status).toBe(200);
    expect((await ask(roles, {}, 'GET', strict)).status).toBe(401);
    const headers = { 'x-aws-ec2-metadata-token': await token(strict) };
    expect((await ask(roles, headers, 'GET', strict)).status).toBe(200);
  });

  test.each<[string, number, string, Headers, string]>([
    ['a token of no kind', 401, roles, { 'x-aws-ec2-metadata-token': 'x' }, 'GET'],
    ['a token without a lifetime', 400, '/imds/latest/api/token', {}, 'PUT'],
    ['a token by way of a proxy', 403, '/imds/latest/api/token', { 'x-forwarded-for': '10.0.0.1' }, 'PUT'],
    ['another role', 404, `${roles}another`, {}, 'GET'],
    ['another method', 405, roles, {}, 'POST'],
  ])('%s: %i', async (_name, status, path, headers, method) => {
    expect((await ask(path, headers, method)).status).toBe(status);
  });

  test('an instance without a role', async () => {
    const bare = await startEmulator({ world: { machines: { instance: sessions } } });
    expect((await ask(roles, {}, 'GET', bare)).status).toBe(404);
    await bare.close();
  });
});
