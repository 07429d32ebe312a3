import { expect, test } from '@jest/globals';
import { createJob } from '../../../src/adapters/github/job.ts';
import type { Job } from '../../../src/contract/ports.ts';

/** What reaches stdout, where the runner looks for commands. */
function printed(env: Readonly<Record<string, string>>, act: (job: Job) => void): string {
  const shown: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => {
    shown.push(String(text));
    return true;
  };
  try {
    act(createJob(env));
  } finally {
    process.stdout.write = write;
  }
  return shown.join('');
}

// The runner takes blanks off before it looks, and an older form of its commands may stand anywhere in a line.
const foreign = 'refused:\n::stop-commands::x\r\n  ::add-path::/tmp\r::error::y\nsee ##[add-path]/tmp';
const harmless = 'refused:\n| ::stop-commands::x\r\n  | ::add-path::/tmp\r| ::error::y\nsee ## [add-path]/tmp\n';

test('what a service says gives the runner no command', () => {
  expect(printed({}, ({ info }) => info(foreign))).toBe(harmless);
});

test('nor does it on act, where an error goes on below its first line', () => {
  const text = printed({ ACT: 'true' }, ({ warn }) => warn(foreign));
  expect(text.replaceAll('\r\n', '\n')).toBe(`::warning::${harmless.replaceAll('\r\n', '\n')}`);
});

test('a line of our own stays as it is', () => {
  const line = 'Plan: oidc → arn:aws:iam::111111111111:role/deploy [ci] ## x';
  expect(printed({}, ({ info }) => info(line))).toBe(`${line}\n`);
});

test('lines that are folded stand between the commands for it, and give none themselves', () => {
  expect(printed({}, ({ group }) => group('Two lines', ['one', '::error::two']))).toBe(
    '::group::Two lines\none\n| ::error::two\n::endgroup::\n',
  );
});
