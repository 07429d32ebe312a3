import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import type { Emulator, Fault, JobDescription, PhaseResult, RequestRecord } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';
import { seal } from '../../src/formats/seal.ts';
import { type ProxyOptions, startProxy, type TestProxy } from './proxy.ts';

type Texts = Readonly<Record<string, string>>;

/** One use of the action, and what must come of it. A text between slashes is a pattern, any other is the whole value. */
export interface ScenarioStep {
  readonly with?: Texts;
  /** Step-level `env:`. */
  readonly env?: Texts;
  /** Changed by a `run:` step before this one. */
  readonly set?: Texts;
  /** Files written by a `run:` step before this one. */
  readonly edits?: Texts;
  readonly faults?: readonly Fault[];
  /** The code of the error; absent: the step succeeds. */
  readonly fails?: string;
  /** What the log must hold, each somewhere. */
  readonly says?: readonly string[];
  /** Lines that the job summary holds; absent: it is empty. */
  readonly summary?: readonly string[];
  /** What no line of the log may hold. */
  readonly hides?: readonly string[];
  /** Warnings, all of them and in order; absent: none. */
  readonly warns?: readonly string[];
  /** The variables that are set, no more and no fewer. */
  readonly exports?: Texts;
  /** The outputs that are set, no more and no fewer. */
  readonly outputs?: Texts;
  /** The files that differ from before the first step, no more and no fewer, without the lines that say which step wrote a section; absent: none. `null` is one that is gone. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** `Operation status`, one a request. */
  readonly requests?: readonly string[];
  /** What the proxy was asked for, one a request. */
  readonly proxied?: readonly string[];
  /** A pattern for the user agent of every request to AWS. */
  readonly userAgent?: string;
  /** Parameters that the requests of this operation carry. */
  readonly parameters?: Readonly<Record<string, Texts>>;
  /** Parameters that no request of this operation carries. */
  readonly omits?: Readonly<Record<string, readonly string[]>>;
}

/** A case: a file `__tests__/scenarios/NAME.yaml`. */
export interface Scenario {
  readonly about: string;
  /** A proxy stands at `{{proxy}}`, a host and port. */
  readonly proxy?: ProxyOptions;
  /** `false`: a job without permission to mint ID tokens. */
  readonly idTokens?: boolean;
  readonly job?: Partial<JobDescription>;
  readonly environment?: Texts;
  /** What the emulated AWS holds beside what world.yaml says. */
  readonly world?: Readonly<Record<string, unknown>>;
  /** Files in the workspace, or with `~/` in the home; `link:` makes a symbolic link. */
  readonly files?: Texts;
  readonly steps: readonly ScenarioStep[];
  /** What each post says, in the order in which they run. */
  readonly posts?: readonly string[];
  /** The job's AWS variables after the last post, those that are not as they were before the first step. */
  readonly afterwards?: Texts;
  /** The files that differ after the last post from before the first step; absent: none. */
  readonly filesAfterwards?: Readonly<Record<string, string | null>>;
}

/** What was seen when a scenario ran. */
export interface Seen {
  readonly steps: readonly {
    readonly result: PhaseResult;
    /** The variables that stood there when the step began. */
    readonly held: Texts;
    /** The files when it began, and when it ended. */
    readonly heldFiles: Texts;
    readonly files: Texts;
    readonly requests: readonly (RequestRecord & { readonly line: string })[];
    readonly proxied: readonly string[];
  }[];
  readonly posts: readonly (PhaseResult | undefined)[];
  readonly before: Texts;
  readonly after: Texts;
  readonly filesBefore: Texts;
  readonly filesAfter: Texts;
  readonly secrets: readonly string[];
}

export function readScenario(file: string): Scenario {
  return parse(readFileSync(file, 'utf8'));
}

/** Runs main and post of every use as the runner does, against an emulator of its own. */
export async function runScenario(scenario: Scenario): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  const { job: claims, world } = scenario;
  const emulator = await startEmulator({ ...(claims && { job: claims }), ...(world && { world }) });
  const proxy = await startProxy(scenario.proxy);
  try {
    const fillIn = await filler(emulator, proxy);
    const idTokens = scenario.idTokens ?? true;
    const given = Object.entries(emulator.environment).filter(
      ([name]) => idTokens || !name.startsWith('ACTIONS_ID_TOKEN'),
    );
    const job = await createJob({
      folder,
      environment: { ...Object.fromEntries(given), ...fillIn(scenario.environment) },
    });
    placeFiles(folder, fillIn(scenario.files));
    const filesBefore = filesIn(folder);
    const before = awsVariables(job.environment);
    const steps: Seen['steps'][number][] = [];
    for (const step of scenario.steps) {
      const fill = (texts?: Texts) => fillIn(withOutputs(texts, steps));
      emulator.reset();
      proxy.requests.length = 0;
      for (const fault of step.faults ?? []) emulator.fault(fault);
      if (step.set) job.set(fill(step.set));
      placeFiles(folder, fill(step.edits));
      const held = { ...job.environment, ...fill(step.env) };
      const heldFiles = filesIn(folder);
      const result = await job.use({ with: fill(step.with), env: fill(step.env) });
      steps.push({
        result,
        held,
        heldFiles,
        files: filesIn(folder),
        requests: emulator.requests().map((seen) => ({ line: `${seen.operation} ${seen.status}`, ...seen })),
        proxied: [...proxy.requests],
      });
    }
    const posts = await job.finish();
    return {
      steps,
      posts,
      before,
      after: awsVariables(job.environment),
      filesBefore,
      filesAfter: filesIn(folder),
      secrets: [...emulator.secrets(), ...secretsOf(scenario, fillIn)],
    };
  } finally {
    await proxy.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const secretName = /secret|sealing-key|token(?!-file)|credential-process/i;

/** What the scenario itself hands in as a secret, by input or by variable. */
function secretsOf(
  { environment = {}, files = {}, steps }: Scenario,
  fill: (texts: Texts | undefined) => Texts,
): readonly string[] {
  const given = [environment, ...steps.flatMap(({ with: inputs = {}, env = {}, set = {} }) => [inputs, env, set])];
  const inFiles = Object.values(fill(files)).flatMap((text) =>
    [...text.matchAll(/^aws_s\w+ *= *(.*?)\r?$/gm)].flatMap((match) => match[1] ?? []),
  );
  const handed = given.flatMap((texts) =>
    Object.entries(fill(texts)).flatMap(([name, value]) =>
      secretName.test(name) && !/FILE$/.test(name) ? [value] : passwordIn(value),
    ),
  );
  return [...handed, ...inFiles];
}

/** Puts the outputs of earlier steps in the place of `{{steps.1.name}}`. */
function withOutputs(texts: Texts = {}, steps: Seen['steps']): Texts {
  const filled = (text: string) =>
    text.replace(/\{\{steps\.(\d)\.([\w-]+)\}\}/g, (whole, step: string, name: string) => {
      return steps[Number(step) - 1]?.result.outputs[name] ?? whole;
    });
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(String(text))]));
}

/** A session that was sealed an hour ago in a job that said nothing of its run, and that lasted until this minute. */
function sealExpired(sealing: { readonly key: string }): string {
  const expiration = new Date(Date.now() - 1000).toISOString();
  const keys = { accessKeyId: 'ASIAEXPIREDEXAMPLE00', secretAccessKey: 'the-secret-that-has-run-out', expiration };
  const session = { ...keys, account: '111111111111', region: 'us-east-1', job: 'earlier' };
  return seal(session, { ...sealing, server: '', repository: '', run: '' });
}

function passwordIn(value: string): readonly string[] {
  return URL.canParse(value) ? [new URL(value).password].filter((password) => password !== '') : [];
}

/** Puts what only the running emulator knows in the place of `{{name}}`. */
async function filler(emulator: Emulator, proxy: TestProxy): Promise<(texts: Texts | undefined) => Texts> {
  const { sso, users, machines } = parse(readFileSync(new URL('../../emulator/world.yaml', import.meta.url), 'utf8'));
  const user = users['arn:aws:iam::111111111111:user/ci'];
  const audience = 'sts.amazonaws.com';
  const sealingKey = randomBytes(32).toString('base64');
  const values: Texts = {
    sealingKey,
    expiredSealedSession: sealExpired({ key: sealingKey }),
    ssoToken: sso.accessToken,
    ssoRefreshToken: sso.client.refreshToken,
    ssoClientId: sso.client.id,
    ssoClientSecret: sso.client.secret,
    inTwoMinutes: new Date(Date.now() + 120_000).toISOString(),
    podToken: machines.pod.token,
    taskPath: `/v2/credentials/${machines.task.credentialsId}`,
    expiredSsoToken: sso.expiredAccessToken,
    accessKeyId: user.accessKeyId,
    secretAccessKey: user.secretAccessKey,
    idToken: await emulator.idToken({ audience }),
    cognitoIdToken: await emulator.idToken({ audience: 'cognito-identity.amazonaws.com' }),
    idTokenOfStranger: await emulator.idToken({ audience, signedByStranger: true }),
    expiredIdToken: await emulator.idToken({ audience, expiresInSeconds: -600 }),
    url: emulator.url,
    port: new URL(emulator.url).port,
    proxy: proxy.address,
  };
  const filled = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => values[name] ?? `{{${name}}}`);
  return (texts = {}) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(String(text))]));
}

function placeFiles(folder: string, files: Texts): void {
  const placeOf = (path: string) =>
    path.startsWith('~/') ? join(folder, 'home', path.slice(2)) : join(folder, 'workspace', path);
  for (const [path, content] of Object.entries(files)) {
    const place = placeOf(path);
    mkdirSync(dirname(place), { recursive: true });
    if (content.startsWith('link:')) symlinkSync(placeOf(content.slice(5)), place);
    else writeFileSync(place, content);
  }
}

/** Every file of the workspace, and of the home with `~/` before it; a folder ends in `/`. */
function filesIn(folder: string): Texts {
  const below = (place: string, prefix: string): readonly (readonly [string, string])[] =>
    readdirSync(join(folder, place), { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = prefix + relative(join(folder, place), path).replaceAll('\\', '/');
      if (entry.isSymbolicLink()) return [name, 'link'];
      return entry.isDirectory() ? [`${name}/`, ''] : [name, readFileSync(path, 'utf8')];
    });
  return Object.fromEntries([...below('workspace', ''), ...below('home', '~/')]);
}

/** The variables that AWS tools read and that hold something: '' and unset are the same to them. */
function awsVariables(environment: Texts): Texts {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('AWS_') && value !== ''),
  );
}
