// Runs the tests with parts that nobody here wrote (act, actionlint, zizmor, moto, the AWS CLI, boto3, Terraform,
// the CDK): fetches what is
// not there yet, says what it skips and why, and counts. Everything that it fetches stays in .third-party/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCdk } from './third-party-cdk.ts';
import { installByGo } from './third-party-go.ts';
import { installPython } from './third-party-python.ts';
import { onPath, output, reasonOf, type Tool } from './third-party-tool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.third-party');
const report = join(root, 'build', 'third-party.json');

async function findTerraform(): Promise<Tool> {
  const path = onPath('terraform');
  if (path === undefined) return { kind: 'absent', reason: 'it is not on PATH' };
  try {
    // Only its own version is asked for: no settings of the user.
    const said = JSON.parse(
      await output(path, ['version', '-json'], { TF_CLI_CONFIG_FILE: '', CHECKPOINT_DISABLE: '1' }),
    );
    return { kind: 'ready', path, version: String(said.terraform_version) };
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

async function prepare(): Promise<Readonly<Record<string, Tool>>> {
  if (process.platform === 'win32') {
    const absent = { kind: 'absent', reason: 'these tests do not run on Windows' } as const;
    return { act: absent, actionlint: absent, python: absent, terraform: absent, cdk: absent };
  }
  mkdirSync(cache, { recursive: true });
  const [byGo, python, terraform, cdk] = await Promise.all([
    installByGo(cache),
    installPython(cache),
    findTerraform(),
    installCdk(cache),
  ]);
  return { ...byGo, python, terraform, cdk };
}

function say(name: string, tool: Tool): void {
  console.log(tool.kind === 'ready' ? `${name}: ${tool.version}` : `${name}: skipped, for ${tool.reason}`);
}

function counts(): string {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`;
}

const tools = await prepare();
for (const [name, tool] of Object.entries(tools)) say(name, tool);
mkdirSync(join(root, 'build'), { recursive: true });
rmSync(report, { force: true });
const config = join(root, '__tests__', 'third-party', 'jest.config.js');
const jest = [join(root, 'scripts', 'jest.ts'), '--config', config, '--json', `--outputFile=${report}`];
const { status } = spawnSync(process.execPath, [...jest, ...process.argv.slice(2)], {
  cwd: root,
  // Jest prints its report on stdout as well; what people read of it goes to stderr.
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, THIRD_PARTY: JSON.stringify(tools) },
});
try {
  console.log(counts());
} catch {
  console.log('0 passed, 1 failed, 0 skipped');
}
process.exitCode = status ?? 1;
