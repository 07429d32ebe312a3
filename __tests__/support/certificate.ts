import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that vouches for itself, and its key, both in PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

const element = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...contents: readonly Uint8Array[]) => element(0x30, ...contents);
const set = (...contents: readonly Uint8Array[]) => element(0x31, ...contents);
const object = (...bytes: readonly number[]) => element(0x06, Buffer.from(bytes));
const text = (value: string) => element(0x0c, Buffer.from(value));
const bits = (content: Uint8Array) => element(0x03, Buffer.from([0]), content);
const time = (date: Date) => element(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
const yes = element(0x01, Buffer.from([0xff]));

const ecdsaWithSha256 = sequence(object(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = object(0x55, 0x04, 0x03);
const basicConstraints = object(0x55, 0x1d, 0x13);
const subjectAltName = object(0x55, 0x1d, 0x11);

/** Made for one test, in X.509 as RFC 5280 writes it, good for an hour: names, and 127.0.0.1. */
export function selfSigned(...names: readonly string[]): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const who = sequence(set(sequence(commonName, text(`test ${Math.random()}`))));
  const alternatives = sequence(
    ...names.map((name) => element(0x82, Buffer.from(name))),
    element(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const extensions = sequence(
    sequence(basicConstraints, yes, element(0x04, sequence(yes))),
    sequence(subjectAltName, element(0x04, alternatives)),
  );
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    who,
    sequence(time(new Date(Date.now() - 3_600_000)), time(new Date(Date.now() + 3_600_000))),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
