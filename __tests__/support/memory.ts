import type { Credentials, Identity, Retrieved } from '../../src/contract/credentials.ts';
import { CredentialError, type ErrorCode } from '../../src/contract/errors.ts';
import type { Page, RefreshedToken, RefreshRequest } from '../../src/contract/portal.ts';
import type {
  Assumption,
  Aws,
  CognitoIdentity,
  CognitoPool,
  ContainerRequest,
  Env,
  Files,
  Host,
  InstanceRequest,
  Job,
  RoleCredentialsRequest,
} from '../../src/contract/ports.ts';
import { memoryDisk, full as noSpace } from './memory-disk.ts';
import { profilesOn } from './profiles.ts';

/** A job kept in memory, with all that was said to it in order. */
export interface MemoryJob extends Job {
  readonly said: string[];
  readonly masks: string[];
  readonly outputs: Map<string, string>;
  readonly exported: Map<string, string>;
  readonly saved: Map<string, string>;
  readonly summaries: string[];
}

/** `env` is the process's environment, which exporting a variable changes too; `full` names what cannot be written, a variable also with the value, as `export X=1`. */
export function memoryJob(env: Record<string, string | undefined> = {}, full: readonly string[] = []): MemoryJob {
  const said: string[] = [];
  const masks: string[] = [];
  const outputs = new Map<string, string>();
  const exported = new Map<string, string>();
  const saved = new Map<string, string>();
  const summaries: string[] = [];
  const write = (name: string, write: () => void): void => {
    if (full.includes(name)) throw noSpace('write');
    said.push(name);
    write();
  };
  return {
    said,
    masks,
    outputs,
    exported,
    saved,
    summaries,
    mask: (value) => void masks.push(value),
    info: (line) => void said.push(line),
    group: (title, lines) => void said.push(title, ...lines.map((line) => `  ${line}`)),
    warn: (message) => void said.push(`warning: ${message}`),
    debug: (line) => void said.push(`debug: ${line}`),
    fail: (message) => void said.push(`error: ${message}`),
    output: (name, value) => write(`output ${name}`, () => outputs.set(name, value)),
    exportVariable: (name, value) =>
      write(`export ${name}`, () => {
        if (full.includes(`export ${name}=${value}`)) throw noSpace('write');
        exported.set(name, value);
        env[name] = value;
      }),
    saveState: (name, value) => write(`state ${name}`, () => saved.set(name, value)),
    state: (name) => saved.get(name) ?? '',
    summarize: (markdown) => write('summary', () => summaries.push(markdown)),
  };
}

/** A machine with an environment and files, at a fixed time. */
export function memoryHost(
  job: Job,
  options: {
    readonly env?: Env;
    readonly files?: Readonly<Record<string, string>>;
    readonly now?: string;
    readonly idTokens?: readonly string[];
    readonly disk?: Files;
    /** The shared files that profiles are read from; without them, those of the disk. */
    readonly sharedFiles?: Readonly<Record<string, string>>;
    /** What each command prints, by its command line. */
    readonly processes?: Readonly<Record<string, Retrieved>>;
  } = {},
): Host & { readonly opened: string[]; readonly audiences: string[] } {
  const {
    env = {},
    files = {},
    now = '2026-01-01T00:00:00Z',
    idTokens = [],
    disk = memoryDisk(),
    processes = {},
    sharedFiles,
  } = options;
  const opened: string[] = [];
  const audiences: string[] = [];
  return {
    opened,
    audiences,
    env,
    secret: (name) => {
      const value = env[name] || undefined;
      if (value) job.mask(value);
      return value;
    },
    readSecret: (path, _links, secretsIn = (whole) => [whole]) => {
      opened.push(path);
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT: no such file or directory');
      for (const secret of secretsIn(text.trim())) job.mask(secret);
      return text;
    },
    profiles: () => profilesOn(sharedFiles === undefined ? disk : memoryDisk(sharedFiles), env, job.mask),
    idToken: async (audience) => {
      const token = idTokens[Math.min(audiences.length, idTokens.length - 1)];
      audiences.push(audience);
      if (token === undefined) throw new CredentialError('ID_TOKEN_UNAVAILABLE', 'no token', { hint: 'none' });
      return token;
    },
    credentialProcess: async ({ command, origin }) => {
      const retrieved = processes[command];
      if (retrieved !== undefined) return retrieved;
      throw new CredentialError('TOKEN_UNREADABLE', `${origin}: the command failed`, { hint: 'none' });
    },
    now: () => Date.parse(now),
    files: disk,
  };
}

/** What was asked of the in-memory AWS. */
export type Call =
  | { readonly call: 'AssumeRoleWithWebIdentity'; readonly assumption: Assumption; readonly token: string }
  | { readonly call: 'AssumeRole'; readonly assumption: Assumption; readonly signedBy: string }
  | { readonly call: 'GetCallerIdentity'; readonly signedBy: string }
  | { readonly call: 'GetRoleCredentials'; readonly request: RoleCredentialsRequest }
  | { readonly call: 'ListAccounts' | 'ListAccountRoles'; readonly of?: string }
  | { readonly call: 'CreateToken'; readonly request: RefreshRequest }
  | { readonly call: 'ContainerCredentials'; readonly request: ContainerRequest }
  | { readonly call: 'InstanceCredentials'; readonly request: InstanceRequest }
  | { readonly call: 'GetId'; readonly pool: CognitoPool }
  | {
      readonly call: 'GetCredentialsForIdentity';
      readonly identity: CognitoIdentity;
      readonly roleArn: string | undefined;
    }
  | { readonly call: 'GetOpenIdToken'; readonly identity: CognitoIdentity };

/** What an SSO token reaches: the names of permission sets by account. */
export type Reach = Readonly<Record<string, readonly string[]>>;

/** Lists come in pages of so many. */
const pageSize = 10;

function pageOf<T>(all: readonly T[], nextToken = '0'): Page<T> {
  const end = Number(nextToken) + pageSize;
  const items = all.slice(Number(nextToken), end);
  return end < all.length ? { items, nextToken: String(end) } : { items };
}

/** An AWS that hands out keys named after the role, and knows each again; `expired` tokens are refused as run out, and `refused` calls with that code. */
export function memoryAws(
  options: {
    readonly identities?: Readonly<Record<string, Identity>>;
    readonly expired?: readonly string[];
    readonly refused?: Readonly<Partial<Record<Call['call'], ErrorCode>>>;
    readonly reach?: Reach;
    readonly refreshed?: RefreshedToken;
  } = {},
): Aws & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const ask = (call: Call): void => {
    calls.push(call);
    const code = options.refused?.[call.call];
    if (code !== undefined) throw new CredentialError(code, `${call.call} was refused`, { hint: 'none' });
  };
  const sessionOf = ({ hop, roleArn }: Assumption): Retrieved => {
    const [, partition, , , account = '', resource = ''] = roleArn.split(':');
    const arn = `arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1)}/${hop.sessionName}`;
    return { credentials: keysOf(roleArn), identity: { account, arn } };
  };
  return {
    calls,
    warmUp() {},
    async assumeRoleWithWebIdentity(assumption, token) {
      ask({ call: 'AssumeRoleWithWebIdentity', assumption, token });
      if (options.expired?.includes(token))
        throw new CredentialError('TOKEN_EXPIRED', 'the token has ended', { hint: 'mint another' });
      return sessionOf(assumption);
    },
    async assumeRole(assumption, signer) {
      ask({ call: 'AssumeRole', assumption, signedBy: signer.accessKeyId });
      return sessionOf(assumption);
    },
    async getCallerIdentity(_region, signer) {
      ask({ call: 'GetCallerIdentity', signedBy: signer.accessKeyId });
      return (
        options.identities?.[signer.accessKeyId] ?? {
          account: '999999999999',
          arn: 'arn:aws:iam::999999999999:user/someone',
        }
      );
    },
    async getRoleCredentials(request) {
      ask({ call: 'GetRoleCredentials', request });
      return keysOf(`sso:${request.accountId}/${request.roleName}`);
    },
    async listAccounts({ nextToken }) {
      ask({ call: 'ListAccounts' });
      const accounts = Object.keys(options.reach ?? {}).map((id) => ({ id, name: `Account ${id.slice(-2)}` }));
      return pageOf(accounts, nextToken);
    },
    async listAccountRoles({ accountId, nextToken }) {
      ask({ call: 'ListAccountRoles', of: accountId });
      return pageOf(options.reach?.[accountId] ?? [], nextToken);
    },
    async createToken(request) {
      ask({ call: 'CreateToken', request });
      return options.refreshed ?? { accessToken: 'new-token', expiresIn: 28_800 };
    },
    async getContainerCredentials(request) {
      ask({ call: 'ContainerCredentials', request });
      return { credentials: keysOf('container') };
    },
    async getInstanceCredentials(request) {
      ask({ call: 'InstanceCredentials', request });
      return keysOf('instance');
    },
    async getCognitoId(pool) {
      ask({ call: 'GetId', pool });
      return `identity of ${pool.pool}`;
    },
    async getCognitoCredentials(identity, roleArn) {
      ask({ call: 'GetCredentialsForIdentity', identity, roleArn });
      return keysOf(`cognito:${identity.identity}`);
    },
    async getCognitoToken(identity) {
      const count = calls.filter(({ call }) => call === 'GetOpenIdToken').length + 1;
      ask({ call: 'GetOpenIdToken', identity });
      return `token ${count} of ${identity.identity}`;
    },
  };
}

/** Keys that show whose they are. */
export function keysOf(name: string): Credentials {
  return {
    accessKeyId: `key of ${name}`,
    secretAccessKey: `secret of ${name}`,
    sessionToken: `token of ${name}`,
    expiration: new Date('2026-01-01T01:00:00Z'),
  };
}
