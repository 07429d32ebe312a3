/** What the emulator and the emulated runner promise to the demo, the tests and the bench. Types only. */

/** A request that the emulator saw, oldest first; never holds a secret header or body field in the clear. */
export interface RequestRecord {
  readonly service: 'github' | 'sts' | 'sso' | 'sso-oidc' | 'cognito-identity' | 'ecs' | 'eks' | 'imds';
  /** `IdToken`, `AssumeRoleWithWebIdentity`, `AssumeRole`, `GetCallerIdentity`, `GetRoleCredentials`, `ListAccounts`, `CreateToken`, `TaskCredentials`, `PodCredentials`, `MetadataToken`, … */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The wire error code that was answered, such as `AccessDenied`; absent on success. */
  readonly error?: string;
  /** Non-secret parameters: RoleArn, RoleSessionName, DurationSeconds, audience, account_id, role_name, … */
  readonly parameters: Readonly<Record<string, string>>;
  /** Access key id that signed the request, where it was signed. */
  readonly signedBy?: string;
  readonly userAgent?: string;
}

/** Trouble on demand. Applies to the next `times` matching requests (default: until cleared), after letting `after` of them pass. */
export interface Fault {
  readonly service?: RequestRecord['service'];
  readonly operation?: string;
  readonly times?: number;
  readonly after?: number;
  readonly effect:
    | { readonly kind: 'latency'; readonly milliseconds: number }
    | { readonly kind: 'throttle' }
    | { readonly kind: 'status'; readonly status: number }
    | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message: string }
    | { readonly kind: 'reset' }
    | { readonly kind: 'hang' }
    | { readonly kind: 'truncate' }
    | { readonly kind: 'body'; readonly status: number; readonly contentType: string; readonly body: string };
}

/** The claims of a job that GitHub's ID tokens are made from; anything left out is taken from the world file's `job`. */
export interface JobDescription {
  readonly repository: string;
  readonly repository_id: string;
  readonly repository_owner: string;
  readonly repository_owner_id: string;
  readonly ref: string;
  readonly event_name: string;
  readonly environment?: string;
  readonly workflow: string;
  readonly workflow_ref: string;
  readonly job_workflow_ref: string;
  readonly actor: string;
  readonly actor_id: string;
  readonly run_id: string;
  readonly run_attempt: string;
  readonly sha: string;
  /** `immutable` makes `repo:O@OID/R@RID:…`; `name` (default) makes `repo:O/R:…`. */
  readonly subject_form?: 'name' | 'immutable';
}

export interface EmulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly job?: Partial<JobDescription>;
  /** Milliseconds added to every answer. */
  readonly latency?: number;
  /** Seconds that a session lives at most, whatever was requested. Default: the world file's `lifetime`, or no limit. */
  readonly lifetime?: number;
  /** Merged over the world file, key by key at the top level (accounts, users, roles, …). */
  readonly world?: Readonly<Record<string, unknown>>;
  /** The `iss` of the job's tokens: `loopback` (default) is where their keys can be fetched, `real` is the name that providers and condition keys of the world have. */
  readonly issuer?: 'loopback' | 'real';
  /** Present time in milliseconds since the epoch; default Date.now. */
  readonly now?: () => number;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What a job that talks to the emulator has in its environment: ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_COGNITO_IDENTITY. */
  readonly environment: Readonly<Record<string, string>>;
  requests(): readonly RequestRecord[];
  fault(fault: Fault): void;
  /** From now on no session lives longer than so many seconds; undefined: no limit. */
  limitLifetime(seconds: number | undefined): void;
  /** Forgets requests and faults; keeps sessions and their lifetime. */
  reset(): void;
  /** Every secret that it knows or has handed out: secret keys, session tokens, ID tokens, SSO tokens, the request token. For leak checks. */
  secrets(): readonly string[];
  /** A token signed by the emulated GitHub, for token-file tests; `claims` override, `signedByStranger` makes the signature wrong. */
  idToken(options?: {
    readonly audience?: string;
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly expiresInSeconds?: number;
    readonly signedByStranger?: true;
  }): Promise<string>;
  close(): Promise<void>;
}

/** What one phase of one step did, as the runner sees it. */
export interface PhaseResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** stdout and stderr as the user sees them: commands taken out or rendered, masked values shown as ***. */
  readonly log: string;
  /** stdout and stderr as the process wrote them, `::add-mask::` lines included. */
  readonly raw: string;
  /** Lines of `::error::`, `::warning::`, `::notice::`, unescaped and masked. */
  readonly annotations: readonly { readonly level: 'error' | 'warning' | 'notice'; readonly message: string }[];
  /** Variables that this phase set by GITHUB_ENV, in order of first setting, last value of each. */
  readonly exported: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** The step summary in markdown, if one was written. */
  readonly summary: string;
  readonly masks: readonly string[];
}

/** One job on an emulated runner: steps run in order, exported variables reach the next ones, posts run last in, first out. */
export interface Job {
  /** The job's variables as a next step would find them (without INPUT_, STATE_ and file command paths). */
  readonly environment: Readonly<Record<string, string>>;
  /** Every value masked so far in this job. */
  readonly masks: readonly string[];
  /** Runs an action's main. `kill` ends it with SIGKILL as soon as the predicate, asked at every change of a command file or of stdout, says so. */
  use(step: StepOptions): Promise<PhaseResult>;
  /** Runs a `run:` step in bash. */
  run(step: RunOptions): Promise<PhaseResult>;
  /** Changes variables between steps, as a `run:` step with GITHUB_ENV would. */
  set(variables: Readonly<Record<string, string>>): void;
  /** Runs the posts of all steps used so far, last in, first out; one result each, `undefined` where post-if said no. */
  finish(): Promise<readonly (PhaseResult | undefined)[]>;
}

export interface StepOptions {
  /** Values of `with:`; names in lower case. Defaults of action.yml are added, as the runner does (an input without default becomes ''). */
  readonly with?: Readonly<Record<string, string>>;
  /** Step-level `env:`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that holds action.yml; default: this project's root. */
  readonly action?: string;
  readonly kill?: (seen: {
    readonly raw: string;
    readonly exported: string;
    readonly state: string;
    readonly outputs: string;
  }) => boolean;
}

export interface RunOptions {
  readonly script: string;
  /** Step-level `env:`. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface JobOptions {
  /** Variables that are in the job before the first step. Nothing of this machine's environment is passed on but PATH and what an OS needs to start a process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder for the command files, the workspace and HOME; made by the caller and removed by it. */
  readonly folder: string;
  /** RUNNER_DEBUG=1 and debug lines in the log. Default true. */
  readonly debug?: boolean;
  /** The secrets that the job is given: masked before its first step. */
  readonly secrets?: readonly string[];
}
