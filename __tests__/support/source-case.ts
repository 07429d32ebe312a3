import type { World } from '../../emulator/world/world.ts';
import type { Credentials, Session } from '../../src/contract/credentials.ts';
import { type Call, keysOf, memoryAws } from './memory.ts';
import type { MemoryUse } from './memory-runner.ts';

type Texts = Readonly<Record<string, string>>;

/** What the generated tests know about a source: `__tests__/sources/KIND/case.ts` exports it as `sourceCase`. */
export interface SourceCase {
  readonly kind: string;
  /** The inputs that claim it, the one that messages name first; absent: no input claims it. */
  readonly claim?: Texts | undefined;
  /** Inputs that must go with the claim. */
  readonly needs?: Texts | undefined;
  /** What makes `auto` find it in the job or on the machine; absent: only its inputs select it. */
  readonly offer?: { readonly with?: Texts | undefined; readonly env?: Texts | undefined } | undefined;
  /** The files that claim and offer read. */
  readonly files?: Texts | undefined;
  /** Texts in claim, offer and files that no description of a plan may contain. */
  readonly secrets?: readonly string[] | undefined;
  /** How a step uses it on a machine in memory. */
  readonly use: MemoryUse;
  /** `required`: it takes credentials that the job holds already. */
  readonly held?: 'required' | undefined;
  /** `required`: without an ID token the step fails. */
  readonly idToken?: 'required' | undefined;
  /** The roles that the source assumes itself, with its token. */
  readonly roles: readonly string[];
  /** The session before any other role, if the job holds these variables. */
  session(held: Texts): Session;
  /** How to make the source itself fail, and with which code; absent: it cannot fail. */
  readonly refusal?: { readonly use: MemoryUse; readonly code: string } | undefined;
  /** Whether no response names the identity, so that STS is asked for it. */
  readonly anonymous?: true | undefined;
  /** What main may load from dist/ for it. */
  budget(place: BudgetPlace): Budget;
}

/** What a load budget is measured against: the emulator's address, an ID token, and its world. */
export interface BudgetPlace {
  readonly url: string;
  readonly idToken: string;
  readonly world: World;
}

/** One run of main, and what it may load. */
export interface Budget {
  readonly with: Texts;
  readonly environment?: Texts | undefined;
  /** Files in the home and the workspace. */
  readonly files?: Texts | undefined;
  /** The bytes of code that main loaded when this was measured; it may load 5 % more. */
  readonly measured: number;
  /** What the loaded code must not contain. */
  readonly without: readonly string[];
}

/** A word of each part of dist/ that few sources need. */
export const words = {
  yaml: 'BAD_DIRECTIVE',
  sso: 'x-amz-sso_bearer_token',
  cognito: 'AWSCognitoIdentityService',
  sts: 'com.amazonaws.sts',
  instance: '/latest/api/token',
} as const;

/** The words of every AWS client. */
export const anyClient: readonly string[] = [words.sso, words.cognito, words.sts, 'smithy'];

/** The session that the memory twin returns for a role. */
export function roleSession(role: string): Session {
  const [account = '', name = ''] = role.slice('arn:aws:iam::'.length).split(':role/');
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/GitHubActions`;
  return { credentials: keysOf(role), identity: { account, arn }, region: 'us-east-1' };
}

/** The session of credentials whose identity the memory twin of STS knows. */
export function userSession(credentials: Credentials): Session {
  return {
    credentials,
    identity: { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/someone' },
    region: 'us-east-1',
  };
}

/** A request that AWS denies. */
export function deniedBy(call: Call['call']): { readonly use: MemoryUse; readonly code: string } {
  return { use: { aws: memoryAws({ refused: { [call]: 'ACCESS_DENIED' } }) }, code: 'ACCESS_DENIED' };
}
