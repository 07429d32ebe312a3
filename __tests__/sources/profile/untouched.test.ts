import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { arns, hosted, idToken, keyInputs } from '../../support/plan.ts';
import { surroundings } from '../../support/profiles.ts';

type Texts = Readonly<Record<string, string>>;

const envKeys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'environment-secret' };

/** Plans with files that hold a default profile, and counts how often they are read. */
async function plan(given: Texts, env: Texts) {
  const inputs = Object.entries({ 'aws-region': 'us-east-1', ...given });
  const all = {
    ...hosted,
    ...env,
    ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  const text = '[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = file-secret';
  const machine = surroundings(all, { '/home/runner/.aws/credentials': text });
  let reads = 0;
  const profiles = () => {
    reads += 1;
    return machine.profiles();
  };
  const decision = await makePlan(
    readInputs(all, () => {}),
    { env: all, profiles },
  );
  return { kind: decision.first.plan.trunk.source.kind, reads };
}

describe('the shared files are read', () => {
  const elsewhere: readonly (readonly [kind: string, inputs: Texts, env: Texts])[] = [
    ['oidc', { 'role-to-assume': arns.deploy }, idToken],
    ['static', keyInputs, {}],
    ['environment', {}, envKeys],
    ['environment', { source: 'environment, profile' }, envKeys],
    ['web-identity', { 'role-to-assume': arns.deploy, 'web-identity-token-file': 'token' }, {}],
  ];
  test.each(elsewhere)('never for %s: %j', async (kind, inputs, env) => {
    // A profile that has nothing to do with the step does not change that.
    expect(await plan(inputs, { ...env, AWS_PROFILE: 'unrelated' })).toEqual({ kind, reads: 0 });
  });

  test.each<[Texts, Texts]>([
    [{}, {}],
    [{ source: 'profile' }, envKeys],
    [{ source: 'environment, profile' }, {}],
    [{ 'source-profile': 'default' }, { ...envKeys, ...idToken }],
    [{ 'source-profile': 'default', 'role-to-assume': arns.deploy }, idToken],
  ])('once for a profile: %j %j', async (inputs, env) => {
    expect(await plan(inputs, env)).toEqual({ kind: 'profile', reads: 1 });
  });
});
