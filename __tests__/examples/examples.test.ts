import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { runExample } from '../support/example.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');
const names = readdirSync(examples).filter((name) => name.endsWith('.yml'));
const world = parse(readFileSync(join(root, 'emulator', 'world.yaml'), 'utf8'));
const user = world.users['arn:aws:iam::111111111111:user/ci'];

// The `run:` steps of the examples are written for bash, which not every machine with Node has.
const onBash = process.platform === 'win32' ? describe.skip : describe;
onBash('an example runs as it stands, and leaves nothing behind', () => {
  test.each(names)('%s', async (name) => {
    const { uses, posts, printed, secrets } = await runExample(join(examples, name), async (emulator) => ({
      SSO_TOKEN: world.sso.accessToken,
      AWS_ACCESS_KEY_ID: user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
      WEB_IDENTITY_TOKEN: await emulator.idToken({ audience: 'sts.amazonaws.com' }),
    }));
    expect(uses.map(({ exitCode, annotations }) => ({ exitCode, annotations }))).toEqual(
      uses.map(() => ({ exitCode: 0, annotations: [] })),
    );
    expect(uses.length).toBeGreaterThan(0);
    expect(posts.map((post) => post?.log)).toEqual(posts.map(() => expect.stringContaining('Restored ')));
    const logs = [...uses, ...posts].map((phase) => phase?.log ?? '').concat(printed);
    expect(secrets.filter((secret) => secret.length > 7 && logs.some((log) => log.includes(secret)))).toEqual([]);
  });
});

test('every workflow in the README stands in an example', () => {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
    ([, block]) => block ?? '',
  );
  expect(blocks.length).toBeGreaterThan(1);
  const texts = names.map((name) => readFileSync(join(examples, name), 'utf8'));
  expect(blocks.filter((block) => !texts.some((text) => text.includes(block)))).toEqual([]);
});
