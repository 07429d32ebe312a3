import { keysOf } from '../../support/memory.ts';
import { anyClient, type SourceCase, userSession, words } from '../../support/source-case.ts';

const claim = { 'credential-process': 'vend' };
const printed = JSON.stringify({ Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'a-secret-access-key' });

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'process',
  claim,
  secrets: ['vend'],
  use: { with: claim, processes: { vend: { credentials: keysOf('vend') } } },
  roles: [],
  session: () => userSession(keysOf('vend')),
  refusal: { use: { processes: {} }, code: 'TOKEN_UNREADABLE' },
  anonymous: true,
  budget: () => ({
    with: { 'credential-process': 'node keys.js' },
    files: { 'workspace/keys.js': `console.log(${JSON.stringify(printed)})` },
    measured: 85_229,
    without: [words.yaml, ...anyClient, words.instance],
  }),
};
