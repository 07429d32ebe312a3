import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bypasses, readNoProxy } from '../../../src/formats/no-proxy.ts';

const goesPast = (rules: string, url: string): boolean => bypasses(readNoProxy(rules), new URL(url));

describe('which hosts go past the proxy', () => {
  const cases: readonly (readonly [rules: string, past: readonly string[], by: readonly string[]])[] = [
    ['', [], ['https://sts.amazonaws.com', 'http://localhost', 'http://127.0.0.1']],
    ['*', ['https://sts.amazonaws.com', 'http://[::1]:8080', 'http://10.0.0.1'], []],
    [
      'example.com',
      ['https://example.com', 'https://example.com:8443', 'http://a.b.example.com', 'https://EXAMPLE.com.'],
      ['https://notexample.com', 'https://example.com.evil.org', 'https://example.org'],
    ],
    ['.example.com', ['https://a.example.com', 'https://a.b.example.com:99'], ['https://example.com']],
    ['*.example.com', ['https://a.example.com'], ['https://example.com', 'https://aexample.com']],
    ['*example.com', ['https://aexample.com', 'https://a.example.com'], ['https://example.com.org']],
    ['example.com:8443', ['https://example.com:8443', 'https://a.example.com:8443'], ['https://example.com']],
    ['example.com:443', ['https://example.com', 'http://example.com:443'], ['http://example.com']],
    ['example.com:80', ['http://example.com'], ['https://example.com']],
    ['*:8080', ['http://anything:8080'], ['http://anything']],
    ['a.org, b.org\n\tc.org,,', ['https://a.org', 'https://b.org', 'https://c.org'], ['https://d.org']],
    ['10.0.0.1', ['https://10.0.0.1', 'http://10.0.0.1:8080'], ['https://10.0.0.2', 'https://x.10.0.0.1.nip.io']],
    ['10.0.0.1:8080', ['http://10.0.0.1:8080'], ['http://10.0.0.1']],
    ['10.0.0.0/8', ['https://10.255.3.4:99', 'http://10.1'], ['https://11.0.0.1', 'https://ten.example.com']],
    ['10.0.0.0/8:8080', ['http://10.9.9.9:8080'], ['http://10.9.9.9']],
    ['0.0.0.0/0', ['http://1.2.3.4'], ['http://[fd00::1]', 'http://name']],
    ['::1', ['http://[::1]', 'http://[0:0:0:0:0:0:0:1]:81'], ['http://[::2]']],
    ['[::1]:81', ['http://[::1]:81'], ['http://[::1]']],
    ['fd00::/8', ['https://[fd12:3456::1]', 'https://[FDFF::]:8443'], ['https://[fe80::1]', 'https://10.0.0.1']],
    ['[fd00::]/8', ['https://[fd12::1]'], ['https://[fe80::1]']],
    ['[fd00::]/8:443', ['https://[fd12::1]'], ['http://[fd12::1]']],
    ['127.0.0.0/8', ['http://[::ffff:127.0.0.1]'], ['http://[::1]']],
  ];
  test.each(cases)('%j', (rules, past, by) => {
    expect(past.filter((url) => !goesPast(rules, url))).toEqual([]);
    expect(by.filter((url) => goesPast(rules, url))).toEqual([]);
    expect(readNoProxy(rules).invalid).toEqual([]);
  });
});

test.each([
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'host/8',
  'a:b',
  'host:99999',
  'http://x',
  '.',
  '[',
  'a*b',
])('%s is no rule, and those beside it hold', (junk) => {
  expect(readNoProxy(`good.org,${junk}`).invalid).toEqual([junk]);
  expect(goesPast(`${junk},good.org`, 'https://good.org')).toBe(true);
});

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(\.[a-z][a-z0-9]{0,8}){0,3}$/);
const port = fc.integer({ min: 1, max: 65_535 });
const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

test('whatever is written, it is read, and a host that is named by itself goes past at any port', () => {
  fc.assert(
    fc.property(fc.string(), name, port, (noise, host, at) => {
      expect(goesPast(`${noise} ${host} ${noise}`, `http://${host}:${at}`)).toBe(true);
    }),
  );
});

test('a name with a port goes past at that port alone', () => {
  fc.assert(
    fc.property(name, port, port, (host, ruled, asked) => {
      expect(goesPast(`${host}:${ruled}`, `http://${host}:${asked}`)).toBe(ruled === asked);
    }),
  );
});

test('a range holds the addresses that begin with the same bits, and no name', () => {
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, host, bits) => {
      const first = (value: number) => value.toString(2).padStart(32, '0').slice(0, bits);
      const rule = `${dotted(network)}/${bits}`;
      expect(goesPast(rule, `http://${dotted(host)}`)).toBe(first(network) === first(host));
      expect(goesPast(rule, `http://x${dotted(host)}.example`)).toBe(false);
    }),
  );
});
