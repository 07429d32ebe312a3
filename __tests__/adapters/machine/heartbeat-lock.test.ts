import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquireHeld } from '../../../src/adapters/machine/heartbeat-lock.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'session.json.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = { timeoutMs: 30_000, isSettled: () => false };
const atOnce = { timeoutMs: 0, isSettled: () => false };
/** A lock whose holder was killed so many seconds ago. */
const abandoned = (seconds: number) => {
  writeFileSync(path, 'someone');
  const then = new Date(Date.now() - seconds * 1000);
  utimesSync(path, then, then);
};

test('one holder at a time, and nothing is left when it is released', async () => {
  const lock = await acquireHeld(path, 'a', never);
  expect(readFileSync(path, 'utf8')).toBe('a');
  lock?.check();
  await expect(acquireHeld(path, 'b', atOnce)).rejects.toMatchObject({ code: 'EBUSY' });
  lock?.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('many take turns', async () => {
  let inside = 0;
  let most = 0;
  const work = async (owner: string) => {
    const lock = await acquireHeld(path, owner, never);
    inside += 1;
    most = Math.max(most, inside);
    await delay(1);
    inside -= 1;
    lock?.release();
  };
  await Promise.all(Array.from({ length: 20 }, (_value, index) => work(`owner${index}`)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('nobody waits once there is nothing left to wait for', async () => {
  const lock = await acquireHeld(path, 'a', never);
  let looks = 0;
  expect(await acquireHeld(path, 'b', { timeoutMs: 30_000, isSettled: () => ++looks > 2 })).toBeUndefined();
  lock?.release();
  expect(await acquireHeld(path, 'b', { timeoutMs: 30_000, isSettled: () => true })).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock that was not touched for more than five seconds is taken over, even by one who does not wait', async () => {
  abandoned(6);
  const lock = await acquireHeld(path, 'b', atOnce);
  expect(readFileSync(path, 'utf8')).toBe('b');
  expect(readdirSync(folder)).toEqual(['session.json.lock']);
  lock?.release();
});

test('one that was touched since is not', async () => {
  abandoned(3);
  await expect(acquireHeld(path, 'b', atOnce)).rejects.toMatchObject({ code: 'EBUSY' });
});

test('of many who find it abandoned, one at a time holds it', async () => {
  abandoned(60);
  let inside = 0;
  const work = async (owner: string) => {
    const lock = await acquireHeld(path, owner, never);
    inside += 1;
    expect(inside).toBe(1);
    await delay(1);
    lock?.check();
    inside -= 1;
    lock?.release();
  };
  await Promise.all(Array.from({ length: 20 }, (_value, index) => work(`owner${index}`)));
  expect(readdirSync(folder)).toEqual([]);
});

test('it is touched while it is held', async () => {
  const lock = await acquireHeld(path, 'a', never);
  const then = new Date(Date.now() - 60_000);
  utimesSync(path, then, then);
  for (let looks = 0; statSync(path).mtimeMs < Date.now() - 30_000 && looks < 500; looks += 1) await delay(20);
  await expect(acquireHeld(path, 'b', atOnce)).rejects.toMatchObject({ code: 'EBUSY' });
  lock?.release();
});

test('a holder whose lock another has taken over knows it, and leaves that one alone', async () => {
  const lock = await acquireHeld(path, 'a', never);
  writeFileSync(path, 'b');
  expect(() => lock?.check()).toThrow('taken over');
  lock?.release();
  expect(readFileSync(path, 'utf8')).toBe('b');
});

test('it never makes a folder', async () => {
  const gone = join(folder, 'gone', 'lock');
  await expect(acquireHeld(gone, 'a', never)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(join(folder, 'gone'))).toBe(false);
});
