import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { Emulator, JobDescription } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Asks as @actions/core does: it appends the audience to the URL as it is. */
async function ask(
  { environment }: Emulator,
  query = '',
  bearer = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
): Promise<Response> {
  return fetch(`${environment.ACTIONS_ID_TOKEN_REQUEST_URL}${query}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
}

async function tokenFrom(response: Response): Promise<string> {
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('value' in body) || typeof body.value !== 'string') {
    throw new Error(`No token in ${JSON.stringify(body)}`);
  }
  return body.value;
}

describe('the token endpoint', () => {
  test('signs a token that verifies against the discovered keys', async () => {
    const token = await tokenFrom(await ask(emulator, '&audience=sts.amazonaws.com'));
    const issuer = `${emulator.url}/github`;
    const discovery: unknown = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks` });

    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, audience: 'sts.amazonaws.com' });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(payload).toMatchObject({
      sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
      repository: 'octo-org/octo-repo',
      repository_id: '74',
      repository_owner: 'octo-org',
      repository_owner_id: '65',
      ref: 'refs/heads/main',
      ref_type: 'branch',
      sha: '0123456789abcdef0123456789abcdef01234567',
      workflow: 'Deploy',
      workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
      job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
      actor: 'octocat',
      actor_id: '12',
      run_id: '1234567890',
      run_number: '10',
      run_attempt: '1',
      event_name: 'push',
      runner_environment: 'github-hosted',
      jti: expect.any(String),
    });
    expect(payload).not.toHaveProperty('environment');
    expect(Number(payload.exp) - Number(payload.iat)).toBe(300);
  });

  test.each([
    ['none', '', 'https://github.com/octo-org'],
    ['an empty one', '&audience=', 'https://github.com/octo-org'],
    ['one with signs', `&audience=${encodeURIComponent('https://a.example/?b=c&d')}`, 'https://a.example/?b=c&d'],
  ])('audience: %s', async (_what, query, audience) => {
    expect(decodeJwt(await tokenFrom(await ask(emulator, query))).aud).toBe(audience);
  });

  test('never signs the same token twice', async () => {
    expect(await emulator.idToken()).not.toBe(await emulator.idToken());
  });

  test.each(['', 'wrong'])('refuses the request token %j', async (bearer) => {
    const response = await ask(emulator, '&audience=a', bearer);
    expect(response.status).toBe(401);
    expect(emulator.requests().at(-1)).toMatchObject({ operation: 'IdToken', status: 401, error: 'Unauthorized' });
  });

  test('answers 404 elsewhere', async () => {
    expect((await fetch(`${emulator.url}/github/tokens`)).status).toBe(404);
  });
});

describe('subjects', () => {
  test.each<[job: Partial<JobDescription>, subject: string]>([
    [{}, 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    [{ ref: 'refs/tags/v1' }, 'repo:octo-org/octo-repo:ref:refs/tags/v1'],
    [{ event_name: 'pull_request', ref: 'refs/pull/1/merge' }, 'repo:octo-org/octo-repo:pull_request'],
    [{ environment: 'production' }, 'repo:octo-org/octo-repo:environment:production'],
    [{ environment: 'eu:west' }, 'repo:octo-org/octo-repo:environment:eu%3Awest'],
    [{ environment: 'production', event_name: 'pull_request' }, 'repo:octo-org/octo-repo:environment:production'],
    [{ subject_form: 'immutable' }, 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main'],
    [{ subject_form: 'immutable', environment: 'qa' }, 'repo:octo-org@65/octo-repo@74:environment:qa'],
    [{ subject_form: 'immutable', event_name: 'pull_request' }, 'repo:octo-org@65/octo-repo@74:pull_request'],
  ])('%j', async (job, subject) => {
    const own = await startEmulator({ job });
    const claims = decodeJwt(await tokenFrom(await ask(own)));
    await own.close();
    expect(claims.sub).toBe(subject);
    expect(claims.environment).toBe(job.environment);
  });
});

test('tokens for token files: claims, expiry and signer as asked', async () => {
  const claims = decodeJwt(
    await emulator.idToken({ audience: 'a', claims: { sub: 'mine', extra: 1 }, expiresInSeconds: -5 }),
  );
  expect(claims).toMatchObject({ aud: 'a', sub: 'mine', extra: 1, repository: 'octo-org/octo-repo' });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(-5);
  const keys = createRemoteJWKSet(new URL(`${emulator.url}/github/.well-known/jwks`));
  await expect(jwtVerify(await emulator.idToken({ signedByStranger: true }), keys)).rejects.toThrow(
    'signature verification failed',
  );
});
