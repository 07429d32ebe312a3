import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { blockOf, blocksOf, permissions, trust } from '../pages/support/setup-page.ts';
import { root } from './support/act.ts';
import { type Moto, pythonVariables, startMoto } from './support/moto.ts';
import { policiesOfTerraform, roleOfTemplate } from './support/policies.ts';
import { pathOf, tools } from './support/tools.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What cfn-lint has to say of a template, by its rules; nothing if it is content. */
function lint(name: string, template: string): readonly string[] {
  const file = join(folder, name);
  writeFileSync(file, template);
  const given = ['--region', 'us-east-1', '--format', 'parseable', '--', file];
  const { stdout, stderr, status } = spawnSync(join(pathOf(tools.python), 'cfn-lint'), given, { encoding: 'utf8' });
  expect({ stderr, clean: stdout === '' }).toEqual({ stderr: '', clean: status === 0 });
  return stdout.split('\n').flatMap((line) => /:([EWI]\d+):/.exec(line)?.[1] ?? []);
}

const onPython = tools.python.kind === 'ready' ? describe : describe.skip;

onPython('docs/setup.md, by the real AWS CLI against moto', () => {
  let moto: Moto;
  let variables: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    moto = await startMoto();
    const reset = await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' });
    expect(reset.status).toBe(200);
    await moto.check('nothing');
    const anyone = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_DEFAULT_REGION: 'us-east-1' };
    variables = { ...pythonVariables(), ...anyone, AWS_ENDPOINT_URL: moto.url };
    // What is made with a session is made in the account of its role.
    const [keyId = '', secret = '', token = ''] = aws(
      'sts assume-role --role-arn arn:aws:iam::111111111111:role/admin --role-session-name setup --output text ' +
        '--query Credentials.[AccessKeyId,SecretAccessKey,SessionToken]',
    ).split(/\s+/);
    const session = { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token };
    variables = { ...variables, ...session };
  });
  afterAll(() => moto.close());

  const sh = (script: string): string =>
    execFileSync('sh', ['-ec', script], { cwd: folder || '.', env: variables, encoding: 'utf8', stdio: 'pipe' });
  const aws = (command: string): string => sh(`aws ${command}`).trim();
  const made = (): unknown => JSON.parse(aws('iam get-role --role-name deploy --query Role.AssumeRolePolicyDocument'));
  const allowed = (): unknown =>
    JSON.parse(aws('iam get-role-policy --role-name deploy --policy-name upload --query PolicyDocument'));
  const providers = (): readonly string[] => sh(blockOf('1. The provider and the role', 'sh')).trim().split(/\s+/);
  const arn = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';

  test('the commands make provider and role, and take them down', () => {
    expect(providers()).toEqual(['']);
    writeFileSync(join(folder, 'trust.json'), blockOf('A branch', 'json'));
    writeFileSync(join(folder, 'permissions.json'), blockOf('By the AWS CLI', 'json'));
    const printed = sh(blockOf('By the AWS CLI', 'sh')).trim().split('\n');
    expect(printed.at(-1)).toBe('arn:aws:iam::111111111111:role/deploy');
    expect([made(), allowed(), providers()]).toEqual([trust, permissions, [arn]]);
    sh(blockOf('Take it all down', 'sh'));
    expect(providers()).toEqual(['']);
    expect(() => made()).toThrow(/NoSuchEntity/);
  });

  test('the template of CloudFormation makes the role; a provider that is there is used', () => {
    sh('aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com');
    writeFileSync(join(folder, 'role.yml'), blockOf('By CloudFormation', 'yml'));
    const [, subjects = ''] = /Subjects:\n.*\n {4}Default: (.*)$/m.exec(blockOf('By CloudFormation', 'yml')) ?? [];
    // moto makes a list of a parameter that is given, and none of a default; the pages' own test reads the default.
    const given = `ProviderExists=true Subjects=${subjects}`;
    const printed = sh(blockOf('By CloudFormation', 'sh').replace('ProviderExists=false', given)).trim().split('\n');
    expect(printed.at(-1)).toBe('arn:aws:iam::111111111111:role/deploy');
    expect(made()).toEqual(trust);
    // It keeps this policy as Python spells it.
    expect(JSON.parse(String(allowed()).replaceAll("'", '"'))).toEqual(permissions);
    const [, remove = ''] =
      /By CloudFormation `(aws [^`]+)`/.exec(readFileSync(join(root, 'docs', 'setup.md'), 'utf8')) ?? [];
    sh(remove);
    expect(() => made()).toThrow(/NoSuchEntity/);
    expect(providers()).toEqual([arn]);
  });
});

onPython('docs/setup.md and the other pages, by cfn-lint', () => {
  test('it has nothing to say of the template', () => {
    expect(lint('role.yml', blockOf('By CloudFormation', 'yml'))).toEqual([]);
  });

  /** Every trust policy on the pages, each as that of a role. */
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))];
  const policies = pages
    .flatMap((page) => [...readFileSync(join(root, page), 'utf8').matchAll(/^```json\n([\s\S]*?)^```$/gm)])
    .map(([, block = '']): unknown => JSON.parse(block))
    .filter((policy) => JSON.stringify(policy).includes('"Principal"'));
  const templateOf = (all: readonly unknown[]): string =>
    JSON.stringify({
      Resources: Object.fromEntries(
        all.map((policy, index) => [
          `Role${index}`,
          { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: policy } },
        ]),
      ),
    });
  // Warnings are about account ids, which the pages need and a real template does not.
  const rules = (all: readonly unknown[]) =>
    lint('policies.json', templateOf(all)).filter((rule) => rule.startsWith('E'));

  test('it has nothing to say of the trust policies', () => {
    expect(policies.length).toBeGreaterThan(5);
    expect(rules(policies)).toEqual([]);
  });

  test('it finds an unknown operator, so that its silence means something', () => {
    expect(rules([JSON.parse(JSON.stringify(trust).replace('StringEquals', 'StringEqual'))])).toEqual(['E3530']);
  });
});

const onTerraform = tools.python.kind === 'ready' && tools.terraform.kind === 'ready' ? describe : describe.skip;
onTerraform('docs/setup.md, by Terraform', () => {
  test('the blocks are formatted, and come to the policies of the page', () => {
    const [whole = '', lookUp = ''] = blocksOf('By Terraform', 'hcl');
    writeFileSync(join(folder, 'main.tf'), whole);
    writeFileSync(join(folder, 'provider.tf'), lookUp);
    const given = ['fmt', '-check', '-diff', '-no-color', folder];
    const { stdout, status } = spawnSync(pathOf(tools.terraform), given, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1' },
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    expect(policiesOfTerraform(join(folder, 'main.tf'))).toEqual({ trust, permissions });
  });
});

const onCdk = tools.python.kind === 'ready' && tools.cdk.kind === 'ready' ? describe : describe.skip;
onCdk('docs/setup.md, by the CDK', () => {
  const [whole = '', lookUp = ''] = blocksOf('By the CDK', 'ts');
  const another = whole.replace(/const provider = new [\s\S]*?\}\);\n/, () => lookUp);

  /** The template that an app comes to; it is put where Node finds the library. */
  function synthesize(app: string): string {
    const place = mkdtempSync(join(pathOf(tools.cdk), 'app-'));
    try {
      writeFileSync(join(place, 'app.ts'), app);
      execFileSync(process.execPath, [join(place, 'app.ts')], {
        cwd: place,
        stdio: 'pipe',
        env: { PATH: process.env.PATH, HOME: folder, CDK_OUTDIR: join(place, 'out') },
      });
      return readFileSync(join(place, 'out', 'GithubDeploy.template.json'), 'utf8');
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }

  test.each([
    ['with a provider of its own', whole],
    ['with the provider that is there', another],
  ])('the app, %s, comes to the policies of the page, and cfn-lint has nothing to say', (_which, app) => {
    const template = synthesize(app);
    const role = roleOfTemplate(template);
    expect(role.AssumeRolePolicyDocument).toEqual(trust);
    expect(role.Policies).toEqual([{ PolicyName: 'upload', PolicyDocument: permissions }]);
    expect(role.RoleName).toBe('deploy');
    expect(template.includes('AWS::IAM::OIDCProvider')).toBe(app === whole);
    expect(lint('stack.json', template).filter((rule) => rule.startsWith('E'))).toEqual([]);
  });
});
