import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startEmulator } from '../../emulator/emulator.ts';
import { runWorkflow } from '../../emulator/workflow.ts';
import { machineOf } from '../support/machine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');
const keyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const names = readdirSync(examples).filter((name) => name.endsWith('.yml'));
// Those that hand a session over are run, with what must hold of them, in across-jobs.test.ts.
const plain = names.filter((name) => !/^(sealed-|chain-of-roles)/.test(name));
/** The secrets that an example is run with; the one that serves GitHub and a laptop, once for each of them. */
const secretsFor = (name: string): readonly (readonly string[])[] =>
  name === 'local-and-github.yml'
    ? [[], ['AWS_SSO_TOKEN'], keyNames]
    : [[...keyNames, 'SSO_TOKEN', 'WEB_IDENTITY_TOKEN']];
const runs = plain.flatMap((name) => secretsFor(name).map((given) => ({ name, given })));
const world = parse(readFileSync(join(root, 'emulator', 'world.yaml'), 'utf8'));
const user = world.users['arn:aws:iam::111111111111:user/ci'];

// The `run:` steps of the examples are written for bash, which not every machine with Node has.
const onBash = process.platform === 'win32' ? describe.skip : describe;
onBash('an example runs as it stands, and leaves nothing behind', () => {
  test.each(runs)('$name with the secrets $given', async ({ name, given }) => {
    const folder = mkdtempSync(join(tmpdir(), 'example-'));
    const emulator = await startEmulator();
    try {
      const held = {
        AWS_SSO_TOKEN: world.sso.accessToken,
        SSO_TOKEN: world.sso.accessToken,
        AWS_ACCESS_KEY_ID: user.accessKeyId,
        AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
        WEB_IDENTITY_TOKEN: await emulator.idToken({ audience: 'sts.amazonaws.com' }),
      };
      const secrets = Object.fromEntries(Object.entries(held).filter(([secret]) => given.includes(secret)));
      const { jobs, result } = await runWorkflow({
        file: join(examples, name),
        emulator: { ...emulator, environment: { ...emulator.environment, ...machineOf(name, emulator) } },
        folder,
        secrets,
      });
      expect({ result, logs: jobs.map(({ log }) => (result === 'success' ? '' : log)) }).toEqual({
        result: 'success',
        logs: jobs.map(() => ''),
      });
      const posts = jobs.flatMap((job) => job.posts.map((post) => post?.log ?? ''));
      expect(posts).toEqual(posts.map(() => expect.stringMatching(/^(Restored|Removed) /m)));
      expect(posts.length).toBeGreaterThan(0);
      const logs = [...jobs.map(({ log }) => log), ...posts];
      const leaks = emulator
        .secrets()
        .filter((secret) => secret.length > 7 && logs.some((log) => log.includes(secret)));
      expect(leaks).toEqual([]);
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('every workflow in the README is in an example', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? '');
  expect(blocks.length).toBeGreaterThan(1);
  const texts = names.map((name) => readFileSync(join(examples, name), 'utf8'));
  expect(blocks.filter((block) => !texts.some((text) => text.includes(block)))).toEqual([]);
});
