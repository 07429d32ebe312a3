import { seal } from '../../../src/formats/seal.ts';
import { anyClient, roleSession, type SourceCase, words } from '../../support/source-case.ts';

const sealing = { key: 'a-sealing-key-of-thirty-two-characters', server: '', repository: '', run: '' };
const { credentials, identity } = roleSession('arn:aws:iam::333333333333:role/sealed');
const expiration = credentials.expiration?.toISOString() ?? '';
const text = seal({ ...credentials, ...identity, expiration, region: 'eu-west-1', job: 'earlier' }, sealing);
const longLived = seal(
  {
    accessKeyId: 'AKIAEXAMPLE',
    secretAccessKey: 'a-secret-access-key',
    account: '111111111111',
    region: 'us-east-1',
    job: '',
  },
  sealing,
);
const claim = { 'sealed-session': text, 'sealing-key': sealing.key };

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'sealed',
  claim,
  secrets: [text, sealing.key, credentials.secretAccessKey],
  use: { with: claim },
  roles: [],
  session: () => ({ credentials, identity, region: 'us-east-1' }),
  refusal: { use: { now: '2026-01-02T00:00:00Z' }, code: 'SEAL_REJECTED' },
  budget: () => ({
    with: { 'sealed-session': longLived, 'sealing-key': sealing.key },
    measured: 64_778,
    without: [words.yaml, ...anyClient, words.instance],
  }),
};
