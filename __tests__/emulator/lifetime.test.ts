import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { element, keysOf, post, refusal, userKeys } from './support/wire.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const assume = { Action: 'AssumeRole', RoleArn: 'arn:aws:iam::111111111111:role/for-user', RoleSessionName: 'short' };

/** When a new session expires, in seconds from now. */
async function lifeOf(emulator: Emulator, now: number, form: Readonly<Record<string, string>> = {}): Promise<number> {
  const xml = await (await post(emulator, { ...assume, ...form }, userKeys, { date: '20300101T000000Z' })).text();
  return (Date.parse(element(xml, 'Expiration') ?? '') - now) / 1000;
}

test.each([
  ['the option', { lifetime: 20 }],
  ['the world', { world: { lifetime: 20 } }],
])('sessions live as long as %s says, and no longer than requested', async (_what, options) => {
  const emulator = await startEmulator({ ...options, now: () => start });
  expect(await lifeOf(emulator, start)).toBe(20);
  expect(await lifeOf(emulator, start, { DurationSeconds: '900' })).toBe(20);
  await emulator.close();
});

test('an expired session is refused', async () => {
  let now = start;
  const emulator = await startEmulator({ lifetime: 20, now: () => now });
  const keys = await keysOf(post(emulator, assume, userKeys, { date: '20300101T000000Z' }));
  const ask = () => refusal(emulator, { Action: 'GetCallerIdentity' }, keys, { date: '20300101T000000Z' });
  now = start + 19_000;
  expect(await ask()).toMatchObject({ status: 200 });
  now = start + 20_000;
  expect(await ask()).toMatchObject({ status: 403, code: 'ExpiredToken' });
  await emulator.close();
});

test('the lifetime can be changed while it runs, also from another process', async () => {
  const emulator = await startEmulator({ now: () => start });
  expect(await lifeOf(emulator, start)).toBe(3600);
  const control = (body: string) => fetch(`${emulator.url}/emulator/lifetime`, { method: 'POST', body });
  expect((await control('{"seconds":7}')).status).toBe(204);
  expect(await lifeOf(emulator, start)).toBe(7);
  expect((await control('{"seconds":"soon"}')).status).toBe(400);
  expect((await control('{}')).status).toBe(204);
  expect(await lifeOf(emulator, start)).toBe(3600);
  emulator.limitLifetime(9);
  expect(await lifeOf(emulator, start)).toBe(9);
  await emulator.close();
});

test('a lifetime that is not a number of seconds is refused', async () => {
  await expect(startEmulator({ world: { lifetime: 'soon' } })).rejects.toThrow('lifetime');
});
