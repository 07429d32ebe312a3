import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTree, root } from './support/act.ts';
import { pathOf, tools } from './support/tools.ts';

let folder = '';
let tree = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'actionlint-'));
  tree = makeTree(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What actionlint has to say of the workflows of a repository, where "./" is the action at its root. It would run shellcheck
 * and pyflakes as well where they happen to be on PATH; here it says the same on every machine.
 */
function lint(repository: string): { readonly status: number | null; readonly said: readonly string[] } {
  const given = ['-no-color', '-oneline', '-shellcheck=', '-pyflakes=', ...workflowsOf(repository)];
  const { status, stdout, stderr } = spawnSync(pathOf(tools.actionlint), given, { cwd: repository, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.split('\n').filter((line) => line !== '') };
}

const workflowsOf = (repository: string): readonly string[] =>
  readdirSync(join(repository, '.github', 'workflows')).map((name) => join('.github', 'workflows', name));

/** A workflow that uses this action, with the lines given under its step and in the step after it. */
const workflow = (inputs: string, after: string): string => `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - id: aws
        uses: ./
        with:
          aws-region: us-east-1
          ${inputs}
      - run: ${after}
`;

const onActionlint = tools.actionlint.kind === 'ready' ? describe : describe.skip;

onActionlint('actionlint', () => {
  test('has nothing to say of the workflows of this repository, nor of its action', () => {
    expect(workflowsOf(root).length).toBeGreaterThan(3);
    expect(lint(root)).toEqual({ status: 0, said: [] });
  });

  test('has nothing to say of the examples, each where people put it', () => {
    const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yml'));
    expect(workflowsOf(tree)).toEqual(
      expect.arrayContaining(examples.map((name) => join('.github', 'workflows', name))),
    );
    expect(lint(tree)).toEqual({ status: 0, said: [] });
  });

  test.each([
    ['an input that is none', workflow('role-to-asume: deploy', 'true'), /input "role-to-asume" is not defined/],
    [
      'an output that is none',
      workflow('role-to-assume: deploy', `echo \${{ steps.aws.outputs.account }}`),
      /property "account" is not defined/,
    ],
    ['an expression that does not end', workflow('role-to-assume: deploy', `echo \${{ github.sha }`), /expression/],
  ])('is heard about %s, so that its silence means something', (_what, text, complaint) => {
    const wrong = makeTree(mkdtempSync(join(folder, 'wrong-')), { 'wrong.yml': text });
    const { status, said } = lint(wrong);
    expect(status).toBe(1);
    expect(said).toEqual([expect.stringMatching(/^\.github\/workflows\/wrong\.yml:\d+:/)]);
    expect(said[0]).toMatch(complaint);
  });
});
