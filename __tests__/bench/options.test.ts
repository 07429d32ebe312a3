import { expect, test } from '@jest/globals';
import { figureRows } from '../../bench/figures.ts';
import { lastLineOf } from '../../bench/job.ts';
import { readOptions } from '../../bench/options.ts';

const rowsOf = (...args: readonly string[]): readonly string[] => {
  const { rows, jobRows } = readOptions(args);
  return [...rows, ...jobRows].map(({ name }) => name);
};

test.each([
  [[], ['oidc', 'sso', 'sealed'], [0, 40]],
  [['--tls'], ['oidc', 'chain', 'sso', 'keys'], [0]],
  [['--rtt', '20,90'], ['oidc', 'chain', 'sso', 'keys'], [0]],
  [['--tls', '--latency', '5', '--row', 'keys'], ['keys'], [5]],
  [['--figures'], ['oidc', 'denied', 'no-permission', 'three-accounts', 'left-behind'], [0]],
])('%j measures %j at %j ms', (args, names, latencies) => {
  expect(rowsOf(...args)).toEqual(names);
  expect(readOptions(args).distances.map(({ latency }) => latency)).toEqual(latencies);
});

test('each --rtt is a line: GitHub first, AWS second', () => {
  const { distances } = readOptions(['--tls', '--rtt', '20,90', '--rtt', '2,2']);
  expect(distances).toEqual([
    { latency: 0, tls: true, roundTrips: [20, 90] },
    { latency: 0, tls: true, roundTrips: [2, 2] },
  ]);
});

test.each([
  [['--rtt', '20'], '--rtt takes two whole numbers, such as 20,90, not "20"'],
  [['--rtt', '1,2,3'], '--rtt takes two whole numbers, such as 20,90, not "1,2,3"'],
  [['--rtt', '20,x'], '--rtt takes a whole number, not "x"'],
  [['--runs', '0'], '--runs takes a whole number from 1, not "0"'],
  [['--peer-runs', '0'], '--peer-runs takes a whole number from 1, not "0"'],
  [
    ['--row', 'ocid'],
    '--row takes oidc, chain, sso, keys, sealed, denied, no-permission, three-accounts, left-behind, not "ocid"',
  ],
])('%j is refused, with the usage', (args, message) => {
  expect(() => readOptions(args)).toThrow(`${message}\nnpm run bench -- [options]`);
});

test('every line of the figures but the size comes from a row that --figures runs', () => {
  const printed = figureRows.flatMap(({ row }) => row ?? []);
  expect([...new Set(printed)]).toEqual(rowsOf('--figures'));
});

test.each([
  ['one\ntwo\n\n', 'two'],
  ['one\n::error title=x::two%0A%0Athree%0A\n', 'three'],
  ['', ''],
])('the last line of %j is %j', (log, line) => {
  expect(lastLineOf(log)).toBe(line);
});
