import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { makeTree, root, runAct } from './support/act.ts';
import { secretsOf } from './support/secrets.ts';
import { tools } from './support/tools.ts';
import { troubles } from './support/troubles.ts';

const onAct = tools.act.kind === 'ready' ? describe : describe.skip;

/** The last lines, or their beginnings, that docs/act.md explains. */
const explained = [...readFileSync(join(root, 'docs', 'act.md'), 'utf8').split('## When it does not work')]
  .slice(1)
  .flatMap((section) => [...section.matchAll(/^\| (?!the last line|---)([^|]*) \| [^|]* \|$/gm)])
  .map(([, line = '']) => line.replace(/^… | …$/g, ''));

onAct('where act has bad news, the last line is the one that helps', () => {
  let folder = '';
  let tree = '';
  let emulator: Emulator;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'troubles-'));
    tree = makeTree(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.close());

  test.each(troubles)('$about', async (trouble) => {
    const { AWS_ENDPOINT_URL_STS = '', AWS_ENDPOINT_URL_SSO = '', ...github } = emulator.environment;
    const given = trouble.environment ?? {};
    const environment = {
      ...{ AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_SSO },
      // Where one of the two says how to ask for ID tokens, the emulator says the other.
      ...('ACTIONS_ID_TOKEN_REQUEST_TOKEN' in given ? github : {}),
      ...given,
    };
    const secrets = await secretsOf(trouble.secrets, emulator);
    const run = await runAct(tree, { workflow: trouble.workflow, environment, secrets });
    expect(run.exitCode).toBe(1);
    const [job] = Object.values(run.jobs);
    const printed = job?.printed ?? [];
    const error = printed.findIndex((line) => line.startsWith('::error::'));
    const story = printed.slice(error).filter((line) => line !== 'Nothing to restore.');
    expect(story[0]).toMatch(new RegExp(`^::error::${trouble.code}: `));
    expect(story.length).toBeGreaterThan(1);
    expect(story.at(-1)).toMatch(trouble.last);
    expect(run.log).not.toContain('%0A');
    expect(explained.filter((part) => story.at(-1)?.includes(part))).toHaveLength(1);
    // The job failed, nothing was exported, and post had nothing to undo.
    expect([job?.result, job?.exported, printed.at(-1)]).toEqual(['failure', {}, 'Nothing to restore.']);
    expect(existsSync(join(run.home, '.aws'))).toBe(false);
    const hidden = [...emulator.secrets(), ...Object.values(secrets)];
    expect(hidden.filter((secret) => run.log.includes(secret))).toEqual([]);
  });
});
