import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Emulator } from '../../../emulator/contract.ts';
import { root } from './act.ts';
import type { Secret } from './examples.ts';

const { sso, users } = parse(readFileSync(join(root, 'emulator', 'world.yaml'), 'utf8'));

/** The user of the emulator's world. */
export const user: { readonly accessKeyId: string; readonly secretAccessKey: string } =
  users['arn:aws:iam::111111111111:user/ci'];

/** The access tokens of the emulator's Identity Center. */
export const ssoTokens: { readonly accessToken: string; readonly expiredAccessToken: string } = sso;

/** Fills a secret file. */
export async function secretsOf(
  wanted: Readonly<Record<string, Secret>> = {},
  emulator: Emulator,
): Promise<Readonly<Record<string, string>>> {
  const audience = 'sts.amazonaws.com';
  const values: Readonly<Record<Secret, string>> = {
    sealingKey: randomBytes(32).toString('base64'),
    ssoToken: ssoTokens.accessToken,
    accessKeyId: user.accessKeyId,
    secretAccessKey: user.secretAccessKey,
    idToken: await emulator.idToken({ audience }),
    wrong: 'a-secret-that-nobody-knows-0123456789',
    expiredSsoToken: ssoTokens.expiredAccessToken,
    expiredIdToken: await emulator.idToken({ audience, expiresInSeconds: -600 }),
  };
  return Object.fromEntries(Object.entries(wanted).map(([name, secret]) => [name, values[secret]]));
}
