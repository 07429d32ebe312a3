import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createFaults } from '../../emulator/http/faults.ts';
import { post, refusal, userKeys } from './support/wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const form = { Action: 'GetCallerIdentity' };
const status = async () => (await post(emulator, form, userKeys)).status;
const portal = () => fetch(`${emulator.url}/sso/assignment/accounts`);
const throttle = { kind: 'throttle' } as const;

describe('effects', () => {
  test.each<[effect: Fault['effect'], status: number, code: string, message: string]>([
    [throttle, 400, 'Throttling', 'Rate exceeded'],
    [{ kind: 'status', status: 503 }, 503, 'ServiceUnavailable', 'Service is unavailable. Please try again shortly.'],
    [{ kind: 'status', status: 500 }, 500, 'InternalFailure', 'An error on the server occurred.'],
    [
      { kind: 'error', status: 400, code: 'IDPCommunicationError', message: 'a < b' },
      400,
      'IDPCommunicationError',
      'a < b',
    ],
  ])('%j at STS', async (effect, answered, code, message) => {
    emulator.fault({ effect });
    expect(await refusal(emulator, form, userKeys)).toEqual({ status: answered, code, message });
    expect(emulator.requests().at(-1)).toMatchObject({ status: answered, error: code, operation: 'GetCallerIdentity' });
  });

  test('throttling at the portal and at GitHub', async () => {
    emulator.fault({ effect: throttle });
    const response = await portal();
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([429, 'TooManyRequestsException']);
    expect((await fetch(`${emulator.url}/github/token?`)).status).toBe(429);
  });

  test('a body of one’s own', async () => {
    emulator.fault({ effect: { kind: 'body', status: 502, contentType: 'text/html', body: '<html>' } });
    const response = await post(emulator, form, userKeys);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      502,
      'text/html',
      '<html>',
    ]);
  });

  test('a connection that is reset, and one that ends in the middle of an answer', async () => {
    emulator.fault({ times: 1, effect: { kind: 'reset' } });
    await expect(post(emulator, form, userKeys)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    emulator.fault({ times: 1, effect: { kind: 'truncate' } });
    const response = await post(emulator, form, userKeys);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(emulator.requests().map((request) => [request.status, request.error])).toEqual([
      [0, 'reset'],
      [200, undefined],
    ]);
  });

  test('a hanging request, let go by closing', async () => {
    const own = await startEmulator();
    own.fault({ effect: { kind: 'hang' } });
    const answer = post(own, form, userKeys).catch(() => 'broken off');
    while (own.requests().length === 0) await new Promise(setImmediate);
    expect(own.requests()).toMatchObject([{ status: 0, error: 'hang' }]);
    await own.close();
    expect(await answer).toBe('broken off');
  });

  test('latency, and the answer is still right', async () => {
    emulator.fault({ effect: { kind: 'latency', milliseconds: 1 } });
    expect(await status()).toBe(200);
  });

  test('latencies add up before whatever comes last', () => {
    const faults = createFaults();
    faults.add({ effect: { kind: 'latency', milliseconds: 20 } });
    faults.add({ operation: 'AssumeRole', effect: { kind: 'latency', milliseconds: 3 } });
    faults.add({ times: 1, effect: throttle });
    faults.add({ effect: { kind: 'reset' } });
    expect(faults.take('sts', 'AssumeRole')).toEqual({ latency: 23, ending: throttle });
    expect(faults.take('sts', 'GetCallerIdentity')).toEqual({ latency: 20, ending: { kind: 'reset' } });
    faults.clear();
    expect(faults.take('sts', 'AssumeRole')).toEqual({ latency: 0 });
  });
});

describe('which requests', () => {
  test('so many, after so many', async () => {
    emulator.fault({ service: 'sts', after: 1, times: 2, effect: throttle });
    expect([await status(), await status(), await status(), await status()]).toEqual([200, 400, 400, 200]);
  });

  test('of one service or operation', async () => {
    emulator.fault({ service: 'sso', effect: { kind: 'status', status: 503 } });
    emulator.fault({ operation: 'AssumeRole', effect: { kind: 'status', status: 500 } });
    expect([await status(), (await portal()).status]).toEqual([200, 503]);
    expect((await post(emulator, { Action: 'AssumeRole' }, userKeys)).status).toBe(500);
  });

  test('one fault after the other', async () => {
    emulator.fault({ times: 1, effect: throttle });
    emulator.fault({ times: 1, effect: { kind: 'status', status: 503 } });
    expect([await status(), await status(), await status()]).toEqual([400, 503, 200]);
  });

  test('the SDK retries through them', async () => {
    emulator.fault({ times: 2, effect: { kind: 'status', status: 503 } });
    const sts = new STSClient({
      region: 'us-east-1',
      endpoint: `${emulator.url}/sts`,
      credentials: userKeys,
      maxAttempts: 3,
    });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111111111111');
    expect(emulator.requests().map((request) => request.status)).toEqual([503, 503, 200]);
  });
});

describe('the controls', () => {
  const control = (path: string, body?: unknown) =>
    fetch(`${emulator.url}/emulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });

  test.each<Fault>([
    { effect: throttle },
    { service: 'sts', operation: 'GetCallerIdentity', times: 1, after: 0, effect: { kind: 'status', status: 503 } },
    { effect: { kind: 'error', status: 400, code: 'IDPCommunicationError', message: 'm' } },
    { effect: { kind: 'body', status: 502, contentType: 'text/html', body: '' } },
    { effect: { kind: 'latency', milliseconds: 1 } },
  ])('take %j', async (fault) => {
    expect((await control('faults', fault)).status).toBe(204);
    const expected = 'status' in fault.effect ? fault.effect.status : fault.effect.kind === 'latency' ? 200 : 400;
    expect(await status()).toBe(expected);
    const seen: unknown = await (await control('requests')).json();
    expect(seen).toEqual(emulator.requests());
    expect((await control('reset', '')).status).toBe(204);
    expect(emulator.requests()).toEqual([]);
    expect(await status()).toBe(200);
  });

  test.each<[body: unknown, message: string]>([
    [{}, 'effect must be a mapping.'],
    [[], 'The fault must be a mapping.'],
    [{ effect: { kind: 'explode' } }, 'effect.kind explode is not one that the emulator knows.'],
    [
      { service: 's3', effect: throttle },
      'service must be one of github, sts, sso, sso-oidc, cognito-identity, ecs, eks, imds.',
    ],
    [{ times: -1, effect: throttle }, 'times must be a whole number.'],
  ])('refuse %j', async (body, message) => {
    const response = await control('faults', body);
    expect([response.status, await response.json()]).toEqual([400, { message }]);
  });

  test('know nothing else', async () => {
    expect((await control('secrets')).status).toBe(404);
    expect((await fetch(`${emulator.url}/`)).status).toBe(404);
  });
});
