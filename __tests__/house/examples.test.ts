import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly uses?: string;
  readonly permissions?: unknown;
  readonly steps?: readonly Step[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yml'));

/** The text of the comment that a file begins with, on one line. */
const headOf = (text: string): string =>
  (/^(?:#.*\n)+/.exec(text)?.[0] ?? '').replace(/^# ?/gm, '').replaceAll('\n', ' ');
const jobsOf = (name: string): readonly Job[] => Object.values(parse(read('examples', name)).jobs);
const stepsOf = (name: string): readonly Step[] => jobsOf(name).flatMap(({ steps = [] }) => steps);

describe('each example', () => {
  test.each(names)('%s says what it is for and what to change', (name) => {
    const head = headOf(read('examples', name));
    expect(head).toMatch(/^.{40,}To use it: .*OWNER\/aws-credential-step@COMMIT for "\.\/"/);
  });

  test.each(names)('%s has the least permissions: ID tokens for what asks for one', (name) => {
    const workflow = parse(read('examples', name));
    const given = jobsOf(name).map((job) => job.permissions ?? workflow.permissions);
    expect(workflow.permissions).toBeDefined();
    const known = [{ contents: 'read' }, { 'id-token': 'write', contents: 'read' }];
    expect(
      given.filter((permissions) => !known.some((one) => JSON.stringify(one) === JSON.stringify(permissions))),
    ).toEqual([]);
    const withoutToken = /^(container|instance|keys|process|read-profile|sso|token-file)\.yml$/;
    expect(JSON.stringify(given).includes('id-token')).toBe(!withoutToken.test(name));
  });

  test.each(names)(
    '%s pins the checkout as the workflows of this repository do, and keeps no token on disk',
    (name) => {
      const text = read('examples', name);
      const pin = /uses: (actions\/checkout@[0-9a-f]{40} # v[\d.]+)/.exec(read('.github', 'workflows', 'ci.yml'))?.[1];
      const used = [...text.matchAll(/uses: ([^.\s].*)$/gm)].map((match) => match[1]);
      expect(used.length).toBeGreaterThan(0);
      expect([...new Set(used)]).toEqual([pin]);
      const kept = stepsOf(name).filter(
        (step) => step.uses?.startsWith('actions/') && step.with?.['persist-credentials'] !== false,
      );
      expect(kept).toEqual([]);
    },
  );

  test.each(names)('%s shows by name what comes next, and starts by itself unless it says why not', (name) => {
    const steps = stepsOf(name);
    const called = parse(read('examples', name)).on;
    const events = Array.isArray(called) ? called : Object.keys(called);
    if (!events.includes('workflow_call')) expect(steps.some((step) => step.name && step.run)).toBe(true);
    expect(steps.filter(({ run }) => /test -[nz]/.test(run ?? ''))).toEqual([]);
    if (events.length === 1 && events[0] === 'workflow_dispatch') {
      expect(read('examples', name)).toMatch(/^on:\n {2}# .{20,}\n {2}workflow_dispatch:$/m);
    }
  });
});

describe('examples/README.md', () => {
  test('lists each example once, by what people want', () => {
    const rows = read('examples', 'README.md').match(/^\| (?!---|I want).*$/gm) ?? [];
    const linked = rows.flatMap((row) => [...row.matchAll(/\]\(([\w/-]+\.yml)\)/g)].map((match) => match[1]));
    expect(linked.toSorted()).toEqual([...names, 'composite/action.yml'].toSorted());
  });
});
