import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFiles } from '../../../src/adapters/machine/files.ts';
import { sectionsIn } from '../../../src/formats/ini.ts';

const files = createFiles();
let folder = '';
let path = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'files-')));
  path = join(folder, 'config');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => `${path}.aws-credential-step.lock`;
const write = (text: string | undefined) => files.edit(path, 'me', () => text);
const modeOf = (of: string) => statSync(of).mode & 0o777;
const posix = process.platform === 'win32' ? test.skip : test;
const root = process.getuid?.() === 0;
const asRoot = root ? test : test.skip;
const asOwner = root || process.platform === 'win32' ? test.skip : test;

test('a path is absolute, and ~ is the home', () => {
  expect(files.locate('~/.aws/config')).toBe(join(homedir(), '.aws', 'config'));
  expect(files.locate(path)).toBe(path);
  expect(files.locate('a/~/b')).toBe(join(process.cwd(), 'a', '~', 'b'));
});

// Only a process of its own has an environment that the system's calls see.
posix.each([
  ['empty', { HOME: '' }],
  ['not said, and the user unknown', {}],
])('where the home is %s, no file of the working folder is taken for one of it', async (_what, env) => {
  const script = `import { createFiles } from ${JSON.stringify(new URL('../../../src/adapters/machine/files.ts', import.meta.url).href)};
    import os from 'node:os';
    import { syncBuiltinESMExports } from 'node:module';
    if (process.env.HOME === undefined) os.homedir = () => { throw new Error('ENOENT'); };
    syncBuiltinESMExports();
    console.log(createFiles().locate('~/.aws/config'));`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env, cwd: folder });
  expect((await run).stdout).toBe('/.aws/config\n');
});

describe('edit', () => {
  test('writes a file whole and removes it, and leaves no other file', () => {
    write('a');
    expect(readFileSync(path, 'utf8')).toBe('a');
    files.edit(path, 'me', (text) => `${text}\uFEFFé\r\n`);
    expect(readFileSync(path, 'utf8')).toBe('a\uFEFFé\r\n');
    expect(readdirSync(folder)).toEqual(['config']);
    write(undefined);
    write(undefined);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that changes nothing writes nothing', () => {
    write('a');
    const { ino } = statSync(path);
    write('a');
    expect(statSync(path).ino).toBe(ino);
  });

  test('that fails leaves the file as it was, and no other file', () => {
    write('a');
    expect(() =>
      files.edit(path, 'me', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    // A folder in the place of the file on its way: it cannot be written.
    mkdirSync(join(folder, 'config.me.tmp'));
    expect(() => write('b')).toThrow(/EISDIR|EEXIST|directory/);
    rmSync(join(folder, 'config.me.tmp'), { recursive: true });
    expect(readFileSync(path, 'utf8')).toBe('a');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  posix('makes the folders and the file for their owner alone, whatever the umask, and makes a file tighter', () => {
    const umask = process.umask(0);
    try {
      path = join(folder, 'a', 'b', 'config');
      expect(files.missingFolders(path)).toEqual([join(folder, 'a'), join(folder, 'a', 'b')]);
      write('a');
      expect(files.missingFolders(path)).toEqual([]);
      expect([join(folder, 'a'), join(folder, 'a', 'b'), path].map(modeOf)).toEqual([0o700, 0o700, 0o600]);
      chmodSync(path, 0o644);
      write('b');
      expect(modeOf(path)).toBe(0o600);
    } finally {
      process.umask(umask);
    }
  });

  posix('what it writes is for its owner alone from the first moment', () => {
    const umask = process.umask(0);
    try {
      const modes: number[] = [];
      files.edit(path, 'me', () => {
        modes.push(modeOf(lock()));
        return 'a';
      });
      expect([...modes, modeOf(path)]).toEqual([0o600, 0o600]);
    } finally {
      process.umask(umask);
    }
  });

  test('goes over what an earlier edit of the same owner left behind', () => {
    writeFileSync(lock(), 'me');
    writeFileSync(join(folder, 'config.me.tmp'), 'half');
    write('a');
    expect(readdirSync(folder)).toEqual(['config']);
    expect(readFileSync(path, 'utf8')).toBe('a');
  });

  asRoot('by root leaves the file to its owner', () => {
    writeFileSync(path, 'a');
    chownSync(path, 12_345, 12_345);
    write('b');
    expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 12_345 });
  });

  asRoot('by another user than the owner is refused, also where anyone may write', async () => {
    chmodSync(folder, 0o777);
    writeFileSync(path, 'a');
    chmodSync(path, 0o666);
    const writer = fileURLToPath(new URL('../../support/profile-writer.ts', import.meta.url));
    const other = promisify(execFile)(process.execPath, [writer, path, 'other', '1', 'write'], { uid: 65_534 });
    await expect(other).rejects.toThrow('it belongs to another user');
    expect(readFileSync(path, 'utf8')).toBe('a');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  asRoot('refuses a file and a folder that its own user may not write', async () => {
    const user = 65_534;
    const writer = fileURLToPath(new URL('../../support/profile-writer.ts', import.meta.url));
    const refused = async (what: string): Promise<void> => {
      const other = promisify(execFile)(process.execPath, [writer, path, 'other', '1', what], { uid: user });
      await expect(other).rejects.toThrow('EACCES');
    };
    writeFileSync(path, 'a');
    for (const each of [folder, path]) chownSync(each, user, user);
    chmodSync(path, 0o400);
    await refused('check');
    await refused('write');
    chmodSync(path, 0o600);
    chmodSync(folder, 0o500);
    await refused('check');
    await refused('write');
    expect(readFileSync(path, 'utf8')).toBe('a');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  asOwner('refuses a file and a folder that may not be written', () => {
    writeFileSync(path, 'a');
    chmodSync(path, 0o400);
    expect(() => files.checkWritable(path)).toThrow('EACCES');
    expect(() => write('b')).toThrow('EACCES');
    chmodSync(path, 0o600);
    chmodSync(folder, 0o500);
    try {
      expect(() => files.checkWritable(path)).toThrow('EACCES');
      expect(() => write('b')).toThrow('EACCES');
    } finally {
      chmodSync(folder, 0o700);
    }
    expect(readFileSync(path, 'utf8')).toBe('a');
  });

  test('refuses a file in the place of its folder', () => {
    writeFileSync(path, '');
    const below = join(path, 'a', 'config');
    expect(() => files.checkWritable(below)).toThrow(/not a folder|ENOTDIR/);
    expect(() => files.edit(below, 'me', () => 'a')).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe('what is no plain text file is refused', () => {
  const places: readonly (readonly [name: string, make: () => void, why: RegExp, code: string])[] = [
    ['a symbolic link', () => symlinkSync(join(folder, 'elsewhere'), path), /it is a symbolic link/, 'ELOOP'],
    [
      'a folder that is one',
      () => {
        mkdirSync(join(folder, 'real'));
        symlinkSync(join(folder, 'real'), join(folder, 'link'));
        path = join(folder, 'link', 'config');
      },
      /its folder is a symbolic link/,
      'ELOOP',
    ],
    ['a folder', () => mkdirSync(path), /not a regular file|EISDIR/, 'EISDIR'],
    ['UTF-16', () => writeFileSync(path, Buffer.from('\uFEFF[a]', 'utf16le')), /not UTF-8/, 'EILSEQ'],
    ['Latin 1', () => writeFileSync(path, Buffer.from('[é]', 'latin1')), /not UTF-8/, 'EILSEQ'],
    ['more than 1 MiB', () => writeFileSync(path, 'x'.repeat(1_048_577)), /larger than 1 MiB/, 'EFBIG'],
  ];
  test.each(places)('%s', (_name, make, why, code) => {
    make();
    const before = readdirSync(folder);
    const refused = expect.objectContaining({ message: expect.stringMatching(why), code });
    expect(() => files.read(path)).toThrow(refused);
    expect(() => write('a')).toThrow(refused);
    expect(readdirSync(folder)).toEqual(before);
  });

  posix('a named pipe, without waiting for it', async () => {
    await promisify(execFile)('mkfifo', [path]);
    expect(() => files.read(path)).toThrow('not a regular file');
  });
});

describe('folders', () => {
  test('one is removed where it is empty, and left where it is not or is not there', () => {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    files.removeFolder(join(folder, 'a'));
    expect(existsSync(join(folder, 'a', 'b'))).toBe(true);
    for (const each of ['b', 'b', '']) files.removeFolder(join(folder, 'a', each));
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('discard removes what its owner left, and nothing of another', () => {
  for (const owner of ['me', 'you']) writeFileSync(join(folder, `config.${owner}.tmp`), 'half');
  writeFileSync(lock(), 'you');
  files.discard(path, 'me');
  expect(readdirSync(folder).toSorted()).toEqual(['config.aws-credential-step.lock', 'config.you.tmp']);
  files.discard(path, 'you');
  files.discard(join(folder, 'none', 'config'), 'me');
  expect(readdirSync(folder)).toEqual([]);
});

describe('the lock', () => {
  const run = promisify(execFile);
  const writer = fileURLToPath(new URL('../../support/profile-writer.ts', import.meta.url));
  const act = (owner: string, what: string) => run(process.execPath, [writer, path, owner, '20', what]);

  test('of processes that write and remove at once, nothing is lost', async () => {
    path = join(folder, 'made', 'config');
    const owners = ['a', 'b', 'c'];
    await Promise.all(owners.map((owner) => act(owner, 'write')));
    const headers = sectionsIn(readFileSync(path, 'utf8')).map(({ header }) => header);
    const wanted = owners.flatMap((owner) => Array.from({ length: 20 }, (_, index) => `${owner}-${index}`));
    expect(headers.toSorted()).toEqual(wanted.toSorted());
    await Promise.all([act('a', 'remove'), act('b', 'remove'), act('d', 'write')]);
    const left = sectionsIn(readFileSync(path, 'utf8')).map(({ header }) => header.split('-')[0]);
    expect(left.toSorted()).toEqual([...Array(20).fill('c'), ...Array(20).fill('d')]);
    expect(readdirSync(join(folder, 'made'))).toEqual(['config']);
  });

  test('of a step that was killed is taken over by all who wait, one after the other', async () => {
    writeFileSync(lock(), 'someone who is gone');
    utimesSync(lock(), 0, 0);
    await Promise.all(['a', 'b', 'c'].map((owner) => act(owner, 'write')));
    expect(sectionsIn(readFileSync(path, 'utf8'))).toHaveLength(60);
    expect(readdirSync(folder)).toEqual(['config']);
  });

  test('that another has taken meanwhile keeps the file from being written', () => {
    writeFileSync(path, 'a');
    const take = () => {
      writeFileSync(lock(), 'you');
      return 'b';
    };
    expect(() => files.edit(path, 'me', take)).toThrow('another step has taken its lock');
    expect(readFileSync(path, 'utf8')).toBe('a');
    expect(readFileSync(lock(), 'utf8')).toBe('you');
  });
});
