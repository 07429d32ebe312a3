import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const strategy = `import { notApplicable, type Strategy } from '../source.ts';

/** Keys in one text. */
export interface ToySource {
  readonly kind: 'toy';
  readonly keys: string;
}

/** A source that exists in a test only. */
export const toySource: Strategy<ToySource> = {
  kind: 'toy',
  claim: (inputs) => (inputs.optional('toy-keys') === undefined ? undefined : 'toy-keys'),

  select({ inputs, roles }) {
    const keys = inputs.secret('toy-keys');
    if (keys === undefined) return notApplicable('"toy-keys" is not set', 'Set "toy-keys" to an ID, a slash and a secret.');
    return { source: { kind: 'toy', keys }, because: '"toy-keys" is set', hops: roles, roleSession: false };
  },

  describe: () => 'toy',

  async retrieve({ keys }) {
    const [accessKeyId = '', secretAccessKey = ''] = keys.split('/');
    return { credentials: { accessKeyId, secretAccessKey } };
  },
};
`;

const sourceCase = `import { type SourceCase, userSession } from '../../support/source-case.ts';

const claim = { 'toy-keys': 'AKIATOY/toy-secret' };

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'toy',
  claim,
  secrets: ['AKIATOY', 'toy-secret'],
  use: { with: claim },
  roles: [],
  session: () => userSession({ accessKeyId: 'AKIATOY', secretAccessKey: 'toy-secret' }),
  anonymous: true,
  budget: () => ({ with: claim, measured: 65_000, without: [] }),
};
`;

const steps = `      - uses: ./
        with:
          toy-keys: \${{ secrets.TOY_KEYS }}
          role-to-assume: for-user
          aws-region: us-east-1
`;

const workflow = `name: Credentials from a toy
on:
  workflow_dispatch:

jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
${steps}`;

const section = `
## toy

**Takes**: \`toy-keys\`, an ID and a secret.

**When**: in a test.

\`\`\`yaml
${steps}\`\`\`

The whole workflow: [examples/toy.yml](../examples/toy.yml).

**What can go wrong**

- [NO_SOURCE](troubleshooting.md#no_source): \`toy-keys\` is empty.
`;

const write = (folder: string, path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

/** Throws if the file does not contain `before`. */
function replace(folder: string, path: string, before: string, after: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  if (!text.includes(before)) throw new Error(`${path} does not contain ${JSON.stringify(before)}`);
  writeFileSync(
    join(folder, path),
    text.replace(before, () => after),
  );
}

/** Each step of the checklist "Add a source", by its path, as done for a toy source below `folder`. */
export const toySteps: Readonly<Record<string, (folder: string) => void>> = {
  '__tests__/sources/KIND/': (folder) => write(folder, '__tests__/sources/toy/case.ts', sourceCase),
  'src/sources/KIND/': (folder) => write(folder, 'src/sources/toy/toy.ts', strategy),
  'src/sources/index.ts'(folder) {
    const path = 'src/sources/index.ts';
    replace(
      folder,
      path,
      'import { webIdentitySource }',
      "import { toySource } from './toy/toy.ts';\nimport { webIdentitySource }",
    );
    replace(folder, path, '\n  environmentSource,\n', '\n  toySource,\n  environmentSource,\n');
  },
  'action.yml'(folder) {
    const input = '  toy-keys:\n    description: The keys of the toy, an ID, a slash and a secret.\n';
    replace(folder, 'action.yml', '\n  # Role\n', `${input}\n  # Role\n`);
    replace(folder, 'action.yml', 'auto, oidc, ', 'auto, oidc, toy, ');
  },
  'docs/sources.md'(folder) {
    const row = '| a Cognito identity pool | [cognito](#cognito) |\n';
    replace(folder, 'docs/sources.md', row, `${row}| a toy | [toy](#toy) |\n`);
    replace(folder, 'docs/sources.md', '\n## lists\n', `${section}\n## lists\n`);
  },
  'examples/KIND.yml': (folder) => write(folder, 'examples/toy.yml', workflow),
};
