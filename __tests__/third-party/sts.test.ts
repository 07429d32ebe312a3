import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { type Keys, userKeys } from '../emulator/support/wire.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { askSts, differences, explains, keysIn, type StsAnswer } from './support/sts.ts';
import {
  type KnownDifference,
  knownDifferences,
  refusedByUs,
  type StsRequest,
  shared,
} from './support/sts-requests.ts';
import { tools } from './support/tools.ts';

const onMoto = tools.python.kind === 'ready' ? describe : describe.skip;

onMoto('the emulator answers as moto does, but where it is said', () => {
  let moto: Moto;
  let emulator: Emulator;
  beforeAll(async () => {
    moto = await startMoto();
    emulator = await startEmulator();
  });
  afterAll(async () => {
    await moto.close();
    await emulator.close();
  });

  /** Makes a request at one of the two, with keys that it knows. */
  async function answer(endpoint: string, user: Keys, { form, signedBy }: StsRequest): Promise<StsAnswer> {
    const assume = {
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::111111111111:role/long',
      RoleSessionName: 'GitHubActions',
    };
    const session = async () => keysIn(await askSts(endpoint, assume, user));
    const keys = await { nobody: async () => undefined, user: async () => user, session }[signedBy.who]();
    const changed = keys && { ...keys, ...signedBy.but };
    const WebIdentityToken = await emulator.idToken({ audience: 'sts.amazonaws.com' });
    return askSts(
      endpoint,
      form.Action === 'AssumeRoleWithWebIdentity' ? { ...form, WebIdentityToken } : form,
      changed,
    );
  }

  async function answers(request: StsRequest): Promise<{ readonly ours: StsAnswer; readonly theirs: StsAnswer }> {
    await moto.check(request.unchecked ? 'nothing' : 'everything');
    return {
      ours: await answer(`${emulator.url}/sts/`, userKeys, request),
      theirs: await answer(`${moto.url}/`, moto.user, request),
    };
  }

  const used = new Set<KnownDifference>();
  test.each(shared)('$about', async (request) => {
    const { ours, theirs } = await answers(request);
    expect(Object.keys(ours.fields).length).toBeGreaterThan(3);
    const unexplained = differences(ours, theirs).filter((difference) => {
      const known = knownDifferences.filter((candidate) => explains(candidate, difference));
      for (const one of known) used.add(one);
      return known.length === 0;
    });
    expect(unexplained).toEqual([]);
  });

  test('no known difference is out of date', () => {
    expect(knownDifferences.filter((known) => !used.has(known)).map(({ why }) => why)).toEqual([]);
  });

  test.each(refusedByUs)('$about: the emulator refuses it, moto does not', async (request) => {
    const { ours, theirs } = await answers(request);
    expect([ours.status, ours.fields['ErrorResponse.Error.Code'], theirs.status]).toEqual([
      ...request.emulator,
      request.moto,
    ]);
  });
});
