import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJobFolder } from '../../../src/adapters/machine/job-folder.ts';
import { createJobFolders } from '../../../src/adapters/machine/job-folders.ts';
import { removeJobFolder } from '../../../src/adapters/machine/remove-job-folder.ts';

let root = '';
let path = '';
let code = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'job-folder-')));
  path = join(root, 'aws-credential-step', 'a1');
  code = join(root, 'dist');
  mkdirSync(code);
  for (const name of ['index.js', 'sts.js', 'licenses.txt']) writeFileSync(join(code, name), name);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folders = () => createJobFolders({ RUNNER_TEMP: root }, code);
const modeOf = (of: string) => (statSync(of).mode & 0o777).toString(8);
const posix = process.platform === 'win32' ? test.skip : test;

describe('making one', () => {
  test('below RUNNER_TEMP, else below the folder of the system', () => {
    expect(folders().parents()).toEqual([
      { path: root, isRunnerTemp: true },
      { path: tmpdir(), isRunnerTemp: false },
    ]);
    for (const RUNNER_TEMP of [undefined, '', 'relative/path']) {
      expect(createJobFolders({ RUNNER_TEMP }, code).parents()).toEqual([{ path: tmpdir(), isRunnerTemp: false }]);
    }
  });

  posix('it and all in it are for its owner alone, whatever the umask', () => {
    const old = process.umask(0);
    try {
      const { make, write, copyCode } = folders();
      make(path);
      write(join(path, 'plan.json'), '{}', 'data');
      write(join(path, 'credentials'), '#!/bin/sh', 'program');
      copyCode(join(path, 'code'));
    } finally {
      process.umask(old);
    }
    expect([join(root, 'aws-credential-step'), path, join(path, 'code')].map(modeOf)).toEqual(['700', '700', '700']);
    expect([join(path, 'plan.json'), join(path, 'credentials')].map(modeOf)).toEqual(['600', '700']);
  });

  test('the code is a copy of the scripts, which Node takes for no modules', () => {
    const { make, copyCode, codeFiles } = folders();
    make(path);
    copyCode(join(path, 'code'));
    expect(readdirSync(join(path, 'code')).sort()).toEqual([...codeFiles()].sort());
    expect(readFileSync(join(path, 'code', 'sts.js'), 'utf8')).toBe('sts.js');
    expect(readFileSync(join(path, 'code', 'package.json'), 'utf8')).toBe('{}\n');
  });

  test('one that exists is never used', () => {
    folders().make(path);
    expect(() => folders().make(path)).toThrow('EEXIST');
    const file = join(path, 'plan.json');
    folders().write(file, 'a', 'data');
    expect(() => folders().write(file, 'b', 'data')).toThrow('EEXIST');
    expect(readFileSync(file, 'utf8')).toBe('a');
  });

  posix('no symbolic link is followed', () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(root, 'aws-credential-step'));
    expect(() => folders().make(path)).toThrow('symbolic link');
    rmSync(join(root, 'aws-credential-step'));
    folders().make(path);
    symlinkSync(join(elsewhere, 'plan.json'), join(path, 'plan.json'));
    expect(() => folders().write(join(path, 'plan.json'), 'secret', 'data')).toThrow('EEXIST');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('a file in its place', () => {
    writeFileSync(join(root, 'aws-credential-step'), '');
    expect(() => folders().make(path)).toThrow('not a folder');
  });
});

describe('its files', () => {
  const open = (owner = 'me') => openJobFolder(path, owner);
  beforeEach(() => folders().make(path));

  posix('are replaced whole, for their owner alone', () => {
    writeFileSync(join(path, 'session.json'), 'old', { mode: 0o644 });
    open().replace('session.json', 'new');
    expect(open().read('session.json')).toBe('new');
    expect(modeOf(join(path, 'session.json'))).toBe('600');
    expect(readdirSync(path)).toEqual(['session.json']);
  });

  test('one that is not there is nothing, and a journal grows', () => {
    expect(open().read('journal')).toBeUndefined();
    open().append('journal', 'a\n');
    open('other').append('journal', 'b\n');
    expect(open().read('journal')).toBe('a\nb\n');
  });

  posix('what is a link is not read', () => {
    writeFileSync(join(root, 'secret'), 'x');
    symlinkSync(join(root, 'secret'), join(path, 'plan.json'));
    expect(() => open().read('plan.json')).toThrow('symbolic link');
  });

  test('nothing is written once the folder is gone', () => {
    rmSync(path, { recursive: true });
    expect(() => open().replace('session.json', 'x')).toThrow('ENOENT');
    expect(() => open().append('journal', 'x')).toThrow('ENOENT');
    expect(open().read('plan.json')).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });
});

describe('removing one', () => {
  const names = ['plan.json', 'session.json', 'until', 'journal', 'code/index.js', 'code/'];
  beforeEach(() => {
    folders().make(path);
    for (const name of ['plan.json', 'session.json', 'journal']) writeFileSync(join(path, name), '');
    mkdirSync(join(path, 'code'));
    writeFileSync(join(path, 'code', 'index.js'), '');
  });

  test('by the names of what is in it, and what killed renewals left', () => {
    for (const left of ['session.json.lock', 'session.json.4711.tmp', 'until.4711.tmp', 'session.json.lock.12.tmp']) {
      writeFileSync(join(path, left), '');
    }
    expect(removeJobFolder(path, names)).toBe('removed');
    expect(existsSync(path)).toBe(false);
    expect(removeJobFolder(path, names)).toBe('absent');
  });

  test.each(['other', 'session.json.backup', 'code/other'])('%s came into it: that stays', (name) => {
    writeFileSync(join(path, name), 'theirs');
    expect(removeJobFolder(path, names)).toBe('left');
    expect(readFileSync(join(path, name), 'utf8')).toBe('theirs');
    expect(existsSync(join(path, 'session.json'))).toBe(false);
  });

  test('no name leads out of it', () => {
    writeFileSync(join(root, 'precious'), '');
    removeJobFolder(path, ['../../precious', '../../precious/', 'code/../../../precious']);
    expect(existsSync(join(root, 'precious'))).toBe(true);
  });

  posix('no link leads out of it', () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'index.js'), 'theirs');
    rmSync(join(path, 'code'), { recursive: true });
    symlinkSync(elsewhere, join(path, 'code'));
    expect(removeJobFolder(path, names)).toBe('left');
    expect(readdirSync(elsewhere)).toEqual(['index.js']);
    rmSync(path, { recursive: true });
    symlinkSync(elsewhere, path);
    expect(() => removeJobFolder(path, ['index.js'])).toThrow('not the folder that this step made');
    expect(readdirSync(elsewhere)).toEqual(['index.js']);
  });
});
