import { expect, test } from '@jest/globals';
import { type JournalEntry, journalLine, parseJournal, summarizeJournal } from '../../../src/formats/journal.ts';

const at = (time: string) => Date.parse(`2030-01-01T${time}Z`);
const renewed = (time: string): JournalEntry => ({ time: at(time), key: '', code: 'RENEWED', message: '', hint: '' });
const failed = (time: string, message = 'STS responded 503'): JournalEntry => ({
  time: at(time),
  key: 'p1',
  code: 'SERVICE_UNAVAILABLE',
  message,
  hint: 'Wait.',
});
const textOf = (...entries: readonly JournalEntry[]) => entries.map(journalLine).join('');

test('what is written is read back, each line', () => {
  const entries = [renewed('04:20:00'), failed('05:00:01', 'a message\nof "two" lines')];
  expect(textOf(...entries).split('\n')).toHaveLength(3);
  expect(parseJournal(textOf(...entries))).toEqual(entries);
});

test('a line that was cut off, and one of another kind, are left out', () => {
  const text = `${textOf(renewed('04:20:00'))}{"time":"2030-01-01T00:00:00Z","code":"REN`;
  expect(parseJournal(text)).toEqual([renewed('04:20:00')]);
  expect(parseJournal('{"time":"2030-01-01T00:00:00Z","code":"toString"}\n{"time":"x","code":"RENEWED"}')).toEqual([]);
});

test.each<[entries: readonly JournalEntry[], line: string]>([
  [[], 'Not renewed.'],
  [[renewed('04:20:00')], 'Renewed once, last at 04:20.'],
  [[renewed('04:20:00'), renewed('05:20:59')], 'Renewed 2 times, last at 05:20.'],
  [[failed('05:00:00')], 'Not renewed; 1 renewal failed: SERVICE_UNAVAILABLE: STS responded 503'],
  [
    [renewed('04:20:00'), failed('05:00:00'), failed('06:00:00', 'no network')],
    'Renewed once, last at 04:20; 2 renewals failed, the last: SERVICE_UNAVAILABLE: no network',
  ],
])('the line of post %#', (entries, line) => {
  expect(summarizeJournal(textOf(...entries))).toBe(line);
});
