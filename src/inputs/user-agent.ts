import type { Env } from '../contract/ports.ts';

/** The words by which requests say what sent them, and what was left out of them and why. */
export interface UserAgent {
  readonly words: readonly (readonly [name: string, version?: string])[];
  readonly warnings: readonly string[];
}

const parts: readonly (readonly [variable: string, name: string, pattern: RegExp])[] = [
  ['GITHUB_ACTION', 'md/action', /^[A-Za-z0-9_-]{1,128}$/],
  ['GITHUB_RUN_ID', 'md/run_id', /^[0-9]{1,20}$/],
  ['GITHUB_RUN_ATTEMPT', 'md/attempt', /^[0-9]{1,10}$/],
];

/** The product, then the action, the run and the attempt as far as the job names them; CloudTrail shows it. */
export function readUserAgent(env: Env): UserAgent {
  const given = parts.flatMap(([variable, name, pattern]) => {
    const value = env[variable];
    return value ? [{ variable, name, value, fits: pattern.test(value) }] : [];
  });
  return {
    words: [
      ['aws-credential-step'],
      ...given.filter(({ fits }) => fits).map(({ name, value }) => [name, value] as const),
    ],
    warnings: given
      .filter(({ fits }) => !fits)
      .map(({ variable }) => `${variable} is not of its usual form and is left out of the user agent.`),
  };
}
