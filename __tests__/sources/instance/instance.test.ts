import { describe, expect, test } from '@jest/globals';
import { describePlan } from '../../../src/plan/plan.ts';
import { retrieve } from '../../../src/sources/index.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { arns, hosted, planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

const own = { RUNNER_ENVIRONMENT: 'self-hosted' };
const v4 = 'http://169.254.169.254';
const v6 = 'http://[fd00:ec2::254]';
const ENDPOINT = 'AWS_EC2_METADATA_SERVICE_ENDPOINT';
const MODE = 'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE';

describe('where it is asked', () => {
  const cases: readonly (readonly [Texts, string])[] = [
    [{}, v4],
    [{ [MODE]: 'IPv4' }, v4],
    [{ [MODE]: 'IPv6' }, v6],
    [{ [MODE]: ' ipv6 ' }, v6],
    [{ [MODE]: '', [ENDPOINT]: '' }, v4],
    [{ [MODE]: 'IPv6', [ENDPOINT]: 'http://127.0.0.1:1338' }, 'http://127.0.0.1:1338/'],
    [{ [ENDPOINT]: 'http://127.0.0.1:1338/?' }, 'http://127.0.0.1:1338/'],
    [{ [ENDPOINT]: 'http://127.0.0.1:1338/#' }, 'http://127.0.0.1:1338/'],
    [{ [MODE]: 'junk', [ENDPOINT]: 'https://metadata.example/imds' }, 'https://metadata.example/imds'],
  ];
  test.each(cases)('%j: %s', async (env, endpoint) => {
    const source = { kind: 'instance', endpoint, versionOne: 'allowed' };
    expect((await planFrom({ env: { ...own, ...env } })).plan.trunk.source).toEqual(source);
    expect((await planFrom({ with: { source: 'instance' }, env })).plan.trunk.source).toEqual(source);
  });

  const junk: readonly (readonly [string, string])[] = [
    [ENDPOINT, 'nonsense'],
    [ENDPOINT, '169.254.169.254'],
    [ENDPOINT, 'ftp://169.254.169.254'],
    [ENDPOINT, 'http://user:password@169.254.169.254'],
    [ENDPOINT, 'http://169.254.169.254/?x=1'],
    [ENDPOINT, 'http://169.254.169.254/#x'],
    [ENDPOINT, 'http://a b/'],
    [MODE, 'IPv5'],
    ['AWS_EC2_METADATA_DISABLED', 'perhaps'],
    ['AWS_EC2_METADATA_V1_DISABLED', '1'],
  ];
  test.each(junk)('%s %j: INPUT_INVALID, naming the variable', async (name, value) => {
    await expect(planFrom({ with: { source: 'instance' }, env: { [name]: value } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(new RegExp(`^${name} (?!.*password)`)),
    });
  });
});

describe('whether it is asked', () => {
  const cases: readonly (readonly [string, string, Texts, string | undefined])[] = [
    ['auto', 'on a machine of one’s own', own, undefined],
    ['auto', 'where nobody says whose machine it is, as under act', { RUNNER_ENVIRONMENT: '' }, undefined],
    ['auto', 'on a runner of GitHub', hosted, 'a runner of GitHub is no EC2 instance'],
    ['instance', 'on a runner of GitHub', hosted, undefined],
    ['container, instance', 'on a runner of GitHub', hosted, undefined],
    ...['true', 'True', 'TRUE', ' true '].map(
      (value) =>
        ['instance', value, { AWS_EC2_METADATA_DISABLED: value }, 'AWS_EC2_METADATA_DISABLED is true'] as const,
    ),
    ...['false', 'FALSE', ''].map(
      (value) => ['instance', value, { AWS_EC2_METADATA_DISABLED: value }, undefined] as const,
    ),
    ['auto', 'disabled, with junk', { ...own, AWS_EC2_METADATA_DISABLED: 'true', [ENDPOINT]: 'x' }, 'DISABLED is true'],
  ];
  test.each(cases)('source %s, %s', async (source, _name, env, reason) => {
    const plan = planFrom({ with: { source }, env });
    if (reason === undefined) expect((await plan).plan.trunk.source.kind).toBe('instance');
    else await expect(plan).rejects.toMatchObject({ code: 'NO_SOURCE', message: expect.stringContaining(reason) });
  });

  test('after everything else: whatever is there is taken before it', async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' };
    const { plan, fallbacks } = await planFrom({ env: { ...own, ...keys } });
    expect([plan.trunk.source.kind, fallbacks]).toEqual(['environment', []]);
  });

  test('a container’s endpoint is asked first, and the instance is kept ready', async () => {
    const { plan, fallbacks } = await planFrom({
      env: { ...own, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' },
    });
    expect([plan, ...fallbacks.map((other) => other.plan)].map(({ trunk }) => trunk.source.kind)).toEqual([
      'container',
      'instance',
    ]);
  });
});

test('version 1 is allowed unless it is disabled', async () => {
  const env = { ...own, AWS_EC2_METADATA_V1_DISABLED: 'True' };
  expect((await planFrom({ env })).plan.trunk.source).toMatchObject({ versionOne: 'disabled' });
});

test('roles follow', async () => {
  const { plan } = await planFrom({ with: { 'role-to-assume': arns.target }, env: own });
  expect(describePlan(plan)).toBe('instance (169.254.169.254) → 222222222222/target');
});

test('retrieves by its endpoint; who it is, STS must tell', async () => {
  const aws = memoryAws();
  const request = { endpoint: v4, versionOne: 'disabled' } as const;
  expect(await retrieve({ kind: 'instance', ...request }, { aws, host: memoryHost(memoryJob()) })).toEqual({
    credentials: keysOf('instance'),
  });
  expect(aws.calls).toEqual([{ call: 'InstanceCredentials', request }]);
});
