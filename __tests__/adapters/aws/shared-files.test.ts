import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readProfiles } from '../../../src/adapters/aws/shared-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shared-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the files that are in the folder under these names. */
function read(config = 'config', credentials = 'credentials') {
  const masks: string[] = [];
  const env = { AWS_CONFIG_FILE: join(folder, config), AWS_SHARED_CREDENTIALS_FILE: join(folder, credentials) };
  return { masks, profiles: readProfiles(env, (secret) => void masks.push(secret)) };
}

describe('the shared files', () => {
  test('are read through links, each kind of section for itself, and their secrets are masked', async () => {
    writeFileSync(join(folder, 'real'), '[s]\naws_secret_access_key = s3cret\n');
    symlinkSync(join(folder, 'real'), join(folder, 'credentials'));
    writeFileSync(
      join(folder, 'config'),
      '[profile p]\nregion=r\n[sso-session s]\nsso_region = r\n[services v]\nsts =\n  endpoint_url = u\n[profile v.w]\nx=y\n',
    );
    const { masks, profiles } = read();
    expect(await profiles).toEqual({
      paths: { config: join(folder, 'config'), credentials: join(folder, 'credentials') },
      config: new Map([
        ['p', new Map([['region', 'r']])],
        ['v.w', new Map([['x', 'y']])],
      ]),
      credentials: new Map([['s', new Map([['aws_secret_access_key', 's3cret']])]]),
      ssoSessions: new Map([['s', new Map([['sso_region', 'r']])]]),
      services: new Map([['v', new Map([['sts.endpoint_url', 'u']])]]),
    });
    expect(masks).toEqual(['s3cret']);
  });

  test('may be missing, with their folder too', async () => {
    const { profiles } = read('no/config', 'no/credentials');
    expect(await profiles).toMatchObject({ config: new Map(), credentials: new Map() });
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path), 'it is not a regular file'],
    ['larger than any', (path: string) => writeFileSync(path, 'x'.repeat(1_048_577)), 'it is larger than 1 MiB'],
  ])('are refused where one is %s, and that one is named', async (_name, make, reason) => {
    make(join(folder, 'config'));
    await expect(read().profiles).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `The profile file ${join(folder, 'config')} cannot be read: ${reason}`,
      hint: expect.stringContaining('AWS_CONFIG_FILE'),
    });
  });
});
