import { readInputs } from '../../src/inputs/inputs.ts';
import { withYaml } from '../../src/inputs/yaml-inputs.ts';
import { makePlan, type PlannedSource, type Plans } from '../../src/plan/plan.ts';
import { surroundings } from './profiles.ts';

type Texts = Readonly<Record<string, string>>;

/** What a user gives: inputs by name, and the job's environment. */
export interface Given {
  readonly with?: Texts;
  readonly env?: Texts;
  /** The machine's files by path; the home is /home/runner. */
  readonly files?: Texts;
}

/** The environment of a runner of GitHub's own, which is no EC2 instance. */
export const hosted = { RUNNER_ENVIRONMENT: 'github-hosted' } as const;

/** The first plan and all of them, as `run` plans, on a runner of GitHub's own, the region given; `masks` collects what is masked. */
export async function planFrom(
  { with: inputs = {}, env = {}, files = {} }: Given,
  masks: string[] = [],
): Promise<PlannedSource & Plans> {
  const given = Object.entries({ 'aws-region': 'us-east-1', ...inputs });
  const all = {
    ...hosted,
    ...env,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  const read = await withYaml(readInputs(all, (secret) => void masks.push(secret)));
  const plans = await makePlan(
    read,
    surroundings(all, files, (secret) => void masks.push(secret)),
  );
  return { ...plans.first, ...plans };
}

/** The roles that a test names. */
export const arns = {
  deploy: 'arn:aws:iam::111111111111:role/deploy',
  target: 'arn:aws:iam::222222222222:role/target',
  final: 'arn:aws:iam::333333333333:role/final',
} as const;

/** Keys given as inputs, which sign for the first role. */
export const keyInputs = { 'aws-access-key-id': 'AKIAEXAMPLE', 'aws-secret-access-key': 'wJalrEXAMPLEKEY' } as const;

/** The environment of a job that may mint ID tokens. */
export const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
} as const;
