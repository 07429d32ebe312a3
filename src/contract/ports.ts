import type { Credentials, Identity, Retrieved } from './credentials.ts';
import type { Hop } from './hop.ts';
import type { Page, PortalAccount, PortalRequest, RefreshedToken, RefreshRequest } from './portal.ts';
import type { Profiles } from './profiles.ts';

/** The environment of the process, read only. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One role to assume: the hop as planned, with its ARN completed. */
export interface Assumption {
  readonly hop: Hop;
  readonly roleArn: string;
  readonly region: string;
}

/** What GetRoleCredentials of the IAM Identity Center portal takes. */
export interface RoleCredentialsRequest {
  readonly region: string;
  readonly accessToken: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** What the credentials endpoint of a container is asked with. */
export interface ContainerRequest {
  /** Its path may itself be a secret. */
  readonly url: string;
  /** The variable that names it. */
  readonly origin: string;
  /** Sent as it is. */
  readonly authorization?: string | undefined;
}

/** The metadata service of an EC2 instance, and whether it may be asked without a token of its own. */
export interface InstanceRequest {
  readonly endpoint: string;
  readonly versionOne: 'allowed' | 'disabled';
}

/** An identity of a Cognito identity pool, and who vouches for it. */
export interface CognitoIdentity {
  readonly region: string;
  readonly identity: string;
  /** Tokens by the name of who gave them; empty for a guest. */
  readonly logins: Logins;
}

/** What GetId of Cognito takes. */
export interface CognitoPool extends Pick<CognitoIdentity, 'region' | 'logins'> {
  readonly pool: string;
  readonly accountId?: string | undefined;
}

/** Tokens by the name of the provider that gave them. */
export type Logins = Readonly<Record<string, string>>;

/** AWS, each call one operation; every credential in an answer is masked before it is returned. Throws CredentialError. */
export interface Aws {
  /** Starts to load what STS needs, so that it is there when a token is; does nothing else. */
  warmUp(): void;
  assumeRoleWithWebIdentity(assumption: Assumption, token: string): Promise<Retrieved>;
  assumeRole(assumption: Assumption, signer: Credentials): Promise<Retrieved>;
  getCallerIdentity(region: string, signer: Credentials): Promise<Identity>;
  getRoleCredentials(request: RoleCredentialsRequest): Promise<Credentials>;
  listAccounts(request: PortalRequest): Promise<Page<PortalAccount>>;
  /** The names of the permission sets in one account. */
  listAccountRoles(request: PortalRequest & { readonly accountId: string }): Promise<Page<string>>;
  /** Both tokens in the answer are masked too. */
  createToken(request: RefreshRequest): Promise<RefreshedToken>;
  /** The identity where the answer names it. NO_SOURCE: nothing listens there. */
  getContainerCredentials(request: ContainerRequest): Promise<Retrieved>;
  /** NO_SOURCE: there is no such service, or it has no role; known in less than a second. */
  getInstanceCredentials(request: InstanceRequest): Promise<Credentials>;
  /** The id of the identity that the pool knows by these logins, made where there is none; of a guest always a new one. */
  getCognitoId(pool: CognitoPool): Promise<string>;
  /** The credentials of the role that the pool has for the identity, or of `roleArn`. */
  getCognitoCredentials(identity: CognitoIdentity, roleArn?: string): Promise<Credentials>;
  /** A web identity token of Cognito's own. */
  getCognitoToken(identity: CognitoIdentity): Promise<string>;
}

/** The one proxy, the hosts that go without it, and what the user knows it by. */
export interface HttpProxy {
  /** May hold credentials. */
  readonly url: string;
  readonly origin: string;
  /** The rules as given: see formats/no-proxy.ts. */
  readonly bypass: string;
}

/** A service of AWS that is asked here. */
export type Service = 'sts' | 'sso' | 'sso-oidc' | 'cognito-identity';

/** How services are reached: endpoints by service where they are not the region's own, and how often a request is tried. */
export interface Network {
  readonly endpoints: { readonly [S in Service]?: string | undefined };
  readonly attempts: number;
  /** Which of a region's endpoints; none: the usual one. */
  readonly variants?: readonly ('fips' | 'dualstack')[] | undefined;
  readonly proxy?: HttpProxy | undefined;
  /** The file of AWS_CA_BUNDLE, whose certificates are trusted in addition to the default ones. */
  readonly certificates?: string | undefined;
  /** Added to every request to STS, names in lower case. */
  readonly stsHeaders?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly userAgent?: readonly (readonly [name: string, version?: string])[] | undefined;
}

/** The machine: its environment, its files, its clock. */
export type Machine = Omit<Host, 'idToken'>;

/** The machine, and the job's ID token. */
export interface Host {
  readonly env: Env;
  /** A variable that holds a secret; masked before it is returned, `undefined` where it is empty. */
  secret(name: string): string | undefined;
  /** A file that holds a secret; masked before it is returned, or what `secretsIn` finds in it where it is more than one secret. Throws what the file system says; with `links: 'refused'` also where the file or its folder is a symbolic link. */
  readSecret(path: string, links: 'refused' | 'followed', secretsIn?: (text: string) => readonly string[]): string;
  /** The job's GitHub ID token, masked. Throws CredentialError. */
  idToken(audience: string): Promise<string>;
  /** What the shared config and credentials files of AWS hold, read at the first call, links followed; every secret in them is masked. Throws INPUT_INVALID where one cannot be read. */
  profiles(): Promise<Profiles>;
  /** What a command prints as a credential process: run without a shell, its keys masked, and nothing of what it prints shown. Throws CredentialError. */
  credentialProcess(process: CredentialProcess): Promise<Retrieved>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly files: Files;
}

/** A command that prints credentials. */
export interface CredentialProcess {
  /** The command line, quoted as for the AWS CLI; may hold secrets. */
  readonly command: string;
  /** What messages call it, such as `Input "credential-process"`. */
  readonly origin: string;
  /** What the command finds in its environment, except the step's own variables. */
  readonly env: Env;
}

/** Text files that steps and jobs share. A path is one that `locate` gave; every method throws what the file system says. */
export interface Files {
  /** The path as absolute; `~/` is the home folder. */
  locate(path: string): string;
  /** `undefined` where there is no file. Throws where the file or its folder is a symbolic link, or where it is no UTF-8 text. */
  read(path: string): string | undefined;
  /** Throws where the file could not be written. */
  checkWritable(path: string): void;
  /** The folders that the file still lacks, the outermost first. */
  missingFolders(path: string): readonly string[];
  /** Removes a folder, where it is there and empty. */
  removeFolder(path: string): void;
  /** Removes a folder by the names of what is in it, those of folders with `/` at their end; see JobFolder. */
  removeJobFolder(path: string, names: readonly string[]): 'removed' | 'left' | 'absent';
  /**
   * Replaces the content of the file with the result of `change`, completely or not at all, for its owner alone, and while
   * no other holds its lock; `undefined` is no file. Makes the folders that are missing. The lock and the file on its way
   * carry the owner's name.
   */
  edit(path: string, owner: string, change: (text: string | undefined) => string | undefined): void;
  /** Removes what an edit by this owner left behind when it was killed. */
  discard(path: string, owner: string): void;
}

/** The job on the runner: its log, its masks, its variables, outputs and state. */
export interface Job {
  mask(value: string): void;
  info(line: string): void;
  /** Lines that the log shows folded, below their title. */
  group(title: string, lines: readonly string[]): void;
  warn(message: string): void;
  debug(line: string): void;
  fail(message: string): void;
  output(name: string, value: string): void;
  exportVariable(name: string, value: string): void;
  saveState(name: string, value: string): void;
  /** Adds Markdown to the page of the run. Throws what the file system says. */
  summarize(markdown: string): void;
  state(name: string): string;
}
