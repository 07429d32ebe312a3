import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { open, type SealedSession, type Sealing, seal } from '../../../src/formats/seal.ts';

const sealing: Sealing = { key: 'k'.repeat(32), server: 'https://github.com', repository: '74', run: '1234567890' };
const session: SealedSession = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'the/secret+key',
  sessionToken: 'the token',
  expiration: '2026-01-01T01:00:00.000Z',
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/deploy/GitHubActions',
  region: 'us-east-1',
  job: 'seal',
};
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Seals any text as an earlier or a hostile holder of the key could. */
function sealText(text: string): string {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const key = new Uint8Array(hkdfSync('sha256', sealing.key, salt, 'aws-credential-step sealed session', 32));
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(JSON.stringify(['v1', sealing.server, sealing.repository, sealing.run])));
  const body = Buffer.concat([salt, iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1.${body.toString('base64url')}`;
}

const words = fc.string({ unit: 'grapheme', minLength: 1 });
const anySession: fc.Arbitrary<SealedSession> = fc.record(
  {
    accessKeyId: words,
    secretAccessKey: words,
    sessionToken: words,
    expiration: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    account: fc.string(),
    arn: words,
    region: words,
    job: fc.string(),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey', 'account', 'region', 'job'] },
);
const anySealing: fc.Arbitrary<Sealing> = fc.record({
  key: fc.string({ unit: 'grapheme', minLength: 32 }),
  server: fc.string(),
  repository: fc.string(),
  run: fc.string(),
});

describe('seal and open', () => {
  test('give back what was sealed, whatever it is and whatever it is bound to', () => {
    fc.assert(
      fc.property(anySession, anySealing, (content, by) => {
        const text = seal(content, by);
        expect(text).toMatch(/^v1\.[\w-]+$/);
        expect(open(text, by)).toEqual(content);
      }),
    );
  });

  test('never make the same text twice', () => {
    expect(new Set(Array.from({ length: 50 }, () => seal(session, sealing))).size).toBe(50);
  });

  test('read what the first version wrote', () => {
    // Made once; a change that cannot read it needs another version.
    const text =
      'v1.AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCx25svC5dDt-7ag_WjuOZpzjEA-jla70Sbc3Sl2UU5wdigx4m_PsFODdQUiHtc4lF_WbkFidRl_Wv-o6TdTRM-MnUNYTYjIlxuoYbfx1ACc4uXxVgMAAMu1TN2PV2bE_xlNx-rRMiwFf7USEf4AIgRnyHu2wAxUN0IYqo7TQphdtZMjVW1pdbpCCoYGgVamTMCGukTVuMZl8L_lq97kT2tloFVYKYfp2LjZoRE_x_gMrHGokSOuIEv-inWiv0tkcVDmVfTcDYVAknmuVZpFeAM-8UMACgYhAQW4nceuErtxCNMz0VzRouwZ1OH2gBHXwMCmlHQxm0OUe8V3iFfzhewBRaSduG3uY_gNMGrOLIuO5bS0';
    expect(open(text, sealing)).toEqual(session);
  });
});

describe('a text does not open', () => {
  const text = seal(session, sealing);

  test.each<[string, Partial<Sealing>]>([
    ['another key', { key: 'K'.repeat(32) }],
    ['another server', { server: 'https://github.example.com' }],
    ['another repository', { repository: '75' }],
    ['another run', { run: '1234567891' }],
    ['no ids', { repository: '', run: '' }],
    ['the same letters, cut elsewhere', { repository: '741', run: '234567890' }],
    ['a run that holds what separates the parts', { repository: '74","1234567890', run: '' }],
  ])('with %s', (_name, other) => {
    expect(open(text, { ...sealing, ...other })).toBeUndefined();
  });

  test('with a character changed, anywhere', () => {
    for (let at = 0; at < text.length; at += 1) {
      for (const character of [...alphabet, '.', '=', '+', '/', ' ', 'é']) {
        if (character === text[at]) continue;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        // Compared by hand: expect would take seconds for so many.
        if (open(changed, sealing) !== undefined) throw new Error(`it opens with ${character} at ${at}`);
      }
    }
  });

  test('with a byte changed, anywhere', () => {
    const bytes = Buffer.from(text.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8((bytes[at] ?? 0) ^ (1 << bit), at);
        expect(open(`v1.${changed.toString('base64url')}`, sealing)).toBeUndefined();
      }
    }
  });

  test('cut short, at the end or at the beginning, whatever the length', () => {
    for (let length = 0; length < text.length; length += 1) {
      expect(open(text.slice(0, length), sealing)).toBeUndefined();
      expect(open(text.slice(text.length - length), sealing)).toBeUndefined();
    }
  });

  test.each([
    ['with more behind it', `${text}A`],
    ['with another part', `${text}.A`],
    ['padded', `${text}=`],
    ['twice', text + text],
    ['of another version', text.replace('v1', 'v2')],
    ['without a version', text.slice(3)],
    ['empty', ''],
    ['a mask', '***'],
  ])('%s', (_name, other) => {
    expect(open(other, sealing)).toBeUndefined();
  });

  test.each([
    ['not JSON', 'x'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '1'],
    ['a list', '[]'],
    ['a part only', JSON.stringify({ ...session, secretAccessKey: undefined })],
    ['a number for a key', JSON.stringify({ ...session, accessKeyId: 1 })],
    ['no region', JSON.stringify({ ...session, region: '' })],
    ['an end that is no date', JSON.stringify({ ...session, expiration: 'soon' })],
  ])('where it holds %s', (_name, content) => {
    expect(open(sealText(content), sealing)).toBeUndefined();
    expect(open(sealText(JSON.stringify(session)), sealing)).toEqual(session);
  });

  test('100,000 random texts neither open nor crash it', () => {
    for (let round = 0; round < 50_000; round += 1) {
      const noise = randomBytes(round % 97);
      for (const body of [noise.toString('base64url'), noise.toString('latin1')]) {
        const opened = open(round % 5 === 0 ? body : `v1.${body}`, sealing);
        if (opened !== undefined) throw new Error(`it opens: ${body}`);
      }
    }
  });

  test('nor does text of any script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (noise, key) => {
        expect(open(noise, { ...sealing, key })).toBeUndefined();
        expect(open(`v1.${noise}`, { ...sealing, key })).toBeUndefined();
      }),
    );
  });
});
