import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from './support/act.ts';
import { pathOf, tools } from './support/tools.ts';

/** What zizmor finds in workflows, from "medium" up: the rule, and where. It asks nobody. */
function findings(...places: readonly string[]): readonly string[] {
  const given = ['--offline', '--quiet', '--no-config', '--min-severity', 'medium', '--format', 'json', ...places];
  const { stdout, stderr } = spawnSync(join(pathOf(tools.python), 'zizmor'), given, { cwd: root, encoding: 'utf8' });
  expect({ stdout: stdout.slice(0, 1), stderr }).toEqual({ stdout: '[', stderr: '' });
  const found: readonly { readonly ident: string; readonly locations: readonly unknown[] }[] = JSON.parse(stdout);
  return found.map(
    ({ ident, locations }) => `${ident} ${/"given_path":"([^"]*)"/.exec(JSON.stringify(locations))?.[1]}`,
  );
}

const onZizmor = tools.python.kind === 'ready' ? describe : describe.skip;

onZizmor('zizmor, which knows how workflows are attacked', () => {
  test.each(['.github', 'action.yml'])('finds nothing in %s', (place) => {
    expect(findings(place)).toEqual([]);
  });

  test('finds what is wrong with a workflow that is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zizmor-'));
    const places = join(folder, '.github', 'workflows');
    mkdirSync(places, { recursive: true });
    const use = `- uses: actions/checkout@v5\n      - run: echo \${{ github.event.issue.title }}\n`;
    writeFileSync(
      join(places, 'bad.yml'),
      `on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      ${use}`,
    );
    const rules = findings(folder).map((finding) => finding.split(' ')[0]);
    expect(rules).toEqual(expect.arrayContaining(['template-injection', 'unpinned-uses', 'artipacked']));
    rmSync(folder, { recursive: true, force: true });
  });
});
