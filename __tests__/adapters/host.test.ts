import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHost } from '../../src/adapters/host.ts';
import { memoryJob } from '../support/memory.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'host-')));
  writeFileSync(join(folder, 'token'), 'a.b.c\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = (job = memoryJob()) => createHost(job);

describe('readSecret', () => {
  test('reads a regular file and masks what it holds', () => {
    const job = memoryJob();
    expect(host(job).readSecret(join(folder, 'token'), 'refused')).toBe('a.b.c\n');
    expect(job.masks).toEqual(['a.b.c']);
  });

  test('refuses a symbolic link, and a folder that is one', () => {
    symlinkSync(join(folder, 'token'), join(folder, 'link'));
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'token'), 'x.y.z');
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    expect(() => host().readSecret(join(folder, 'link'), 'refused')).toThrow('it is a symbolic link');
    expect(() => host().readSecret(join(folder, 'linked', 'token'), 'refused')).toThrow(
      'its folder is a symbolic link',
    );
    expect(host().readSecret(join(folder, 'link'), 'followed')).toBe('a.b.c\n');
  });

  test('refuses a folder, a missing file and one that is too large', () => {
    writeFileSync(join(folder, 'large'), 'x'.repeat(1_048_577));
    expect(() => host().readSecret(folder, 'refused')).toThrow(/not a regular file|EISDIR|EACCES/);
    expect(() => host().readSecret(join(folder, 'none'), 'refused')).toThrow('ENOENT');
    expect(() => host().readSecret(join(folder, 'large'), 'refused')).toThrow('larger than 1 MiB');
  });

  const asOwner = process.platform === 'win32' || process.getuid?.() === 0 ? test.skip : test;
  asOwner('says so where it may not read', () => {
    chmodSync(join(folder, 'token'), 0o000);
    expect(() => host().readSecret(join(folder, 'token'), 'refused')).toThrow('EACCES');
  });
});
