import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProfiles } from '../../../src/adapters/aws/parse-profiles.ts';
import { maskSecrets } from '../../../src/adapters/aws/shared-files.ts';
import { CredentialError } from '../../../src/contract/errors.ts';
import { describePlan } from '../../../src/plan/plan.ts';
import { arns, type Given, planFrom } from '../../support/plan.ts';

const secret = 'wJalrS3cretOfTheFile';
const names = ['a', 'b', 'c', 'default', '__proto__', 'constructor', 'toString', 'has blank', 'ü'];
const name = fc.constantFrom(...names);
const setting = fc.oneof(
  fc.constantFrom('aws_access_key_id', 'aws_secret_access_key', 'aws_session_token').map((key) => `${key} = ${secret}`),
  fc.tuple(fc.constantFrom('source_profile', 'services'), name).map(([key, value]) => `${key} = ${value}`),
  fc.constantFrom(arns.deploy, arns.target, 'no-arn').map((value) => `role_arn = ${value}`),
  fc
    .constantFrom('Environment', 'Ec2InstanceMetadata', 'EcsContainer', 'x')
    .map((value) => `credential_source = ${value}`),
  fc
    .tuple(
      fc.constantFrom(
        'web_identity_token_file',
        'role_session_name',
        'duration_seconds',
        'mfa_serial',
        'region',
        'endpoint_url',
        'credential_process',
        '__proto__',
        'constructor',
      ),
      fc.constantFrom('x', '3600', '/t', 'http://x', '', 'us-east-1'),
    )
    .map(([key, value]) => `${key} = ${value}`),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const header = fc
  .tuple(
    fc.constantFrom('', 'profile ', 'services ', 'sso-session '),
    name,
    fc.constantFrom('[]', '["]', '[ ]', '[] # c'),
  )
  .map(([kind, called, form]) => {
    if (form === '["]') return `[${kind}"${called}"]`;
    if (form === '[ ]') return `[ ${kind}${called} ]`;
    return `[${kind}${called}]${form.slice(2)}`;
  });
const text = fc
  .array(fc.oneof({ weight: 1, arbitrary: header }, { weight: 3, arbitrary: setting }), { maxLength: 24 })
  .map((lines) => lines.join('\n'));

/** What is said of a plan, or of why there is none; whatever is thrown must be one of ours. */
async function saidOf(given: Given): Promise<string> {
  try {
    const { plan, warnings, because } = await planFrom(given);
    return [describePlan(plan), ...warnings, because].join('\n');
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    const { message, hint, cause } = error;
    return [message, hint, cause instanceof Error ? cause.message : String(cause)].join('\n');
  }
}

describe('whatever is in the files', () => {
  test('a plan is made or refused, the secrets in them are masked, and none is said', async () => {
    const plain = Object.getOwnPropertyNames(Object);
    await fc.assert(
      fc.asyncProperty(text, text, name, async (config, credentials, selected) => {
        const said = await saidOf({
          with: { 'source-profile': selected },
          files: { '/home/runner/.aws/config': config, '/home/runner/.aws/credentials': credentials },
        });
        expect(said).not.toContain(secret);
      }),
      { numRuns: 1500 },
    );
    // The parser that is used keeps sections in plain objects, and must not change what all objects have.
    expect(Object.getOwnPropertyNames(Object)).toEqual(plain);
  });

  test('a text that is no such file at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (noise) => {
        const parsed = await parseProfiles({ config: noise, credentials: noise });
        for (const sections of Object.values(parsed)) {
          for (const [, settings] of sections) for (const value of settings.values()) expect(noise).toContain(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('every value of a secret key is masked', async () => {
    const masks: string[] = [];
    const keys =
      'aws_access_key_id=id1\naws_secret_access_key = s1 ; c\naws_session_token=t1\ncredential_process = p1 --x y\nregion=r1\nweb_identity_token_file=/f';
    maskSecrets(
      await parseProfiles({ config: `[profile a]\n${keys}`, credentials: `[b]\n${keys.replaceAll('1', '2')}` }),
      (value) => void masks.push(value),
    );
    expect(masks).toEqual(['id1', 's1', 't1', 'p1 --x y', 'id2', 's2', 't2', 'p2 --x y']);
  });
});

describe('sections named as what every object has', () => {
  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    '%s is dropped, and the others are read',
    async (odd) => {
      const { config, credentials } = await parseProfiles({
        config: `[${odd}]\nassign = 1\n[profile ${odd}]\nx = 1\n[profile a]\nx = 2`,
        credentials: `[a]\ny = 1\n[${odd}]\nassign = 1\n[b]\ny = 2`,
      });
      expect([...config.keys()]).toEqual(['a']);
      expect([...credentials.keys()]).toEqual(['a', 'b']);
      expect([typeof Object.assign, typeof Object.prototype.toString]).toEqual(['function', 'function']);
    },
  );
});
