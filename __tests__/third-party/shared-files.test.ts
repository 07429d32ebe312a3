// The same texts for our reader of the shared files and for botocore's.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ofConcern, outcomeOf } from '../support/shared-file-outcome.ts';
import { lineEnds, type Outcome, rows, withLineEnd } from '../support/shared-file-rows.ts';
import { pathOf, tools } from './support/tools.ts';

const script = fileURLToPath(new URL('support/profiles.py', import.meta.url));
const describeReady = tools.python.kind === 'ready' ? describe : describe.skip;

const cases = Object.entries(lineEnds).flatMap(([called, lineEnd]) =>
  rows.map((row, index) => ({
    index: index + Object.keys(lineEnds).indexOf(called) * rows.length,
    called,
    name: row.name,
    profile: row.profile,
    texts: { config: withLineEnd(row.config, lineEnd), credentials: withLineEnd(row.credentials, lineEnd) },
    want: row.want,
    theirs: row.botocore?.want ?? row.want,
    why: row.botocore === undefined ? 'the same' : row.botocore.why,
  })),
);

describeReady('a profile of the shared files', () => {
  let answers: readonly Outcome[] = [];
  beforeAll(() => {
    const input = JSON.stringify(cases.map(({ profile, texts }) => ({ profile, ...texts })));
    const { stdout, stderr } = spawnSync(join(pathOf(tools.python), 'python'), [script], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    answers = JSON.parse(stdout);
  });

  test('is asked for in more than a hundred ways', () => {
    expect(rows.length).toBeGreaterThan(120);
    expect(answers).toHaveLength(cases.length);
  });

  test.each(cases)('$called, $name: $why', ({ index, texts, profile, want, theirs }) => {
    const answer = answers[index];
    const botocore = typeof answer === 'object' ? ofConcern(answer) : answer;
    expect({ botocore, ours: outcomeOf(texts, profile) }).toEqual({ botocore: theirs, ours: want });
  });
});
