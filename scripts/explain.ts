// Prints whether a trust policy lets a job in, without any network: `npm run explain -- --policy F --repository O/R --ref REF`.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkPolicy, roleOfPolicy } from '../src/explain/check.ts';
import { claimsOfJob } from '../src/explain/job-claims.ts';
import { NotATrustPolicy } from '../src/formats/trust-policy.ts';

const usage =
  'npm run explain -- --policy FILE --repository OWNER/NAME --ref REF [--environment NAME] [--event pull_request] [--ids OWNER,REPOSITORY] [--audience TEXT] [--role ARN] [--issuer URL]';

/** Wrong arguments, or a file that cannot be compared. */
class Unusable extends Error {}

function readArguments() {
  const option = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      options: {
        policy: option,
        repository: option,
        ref: option,
        environment: option,
        event: option,
        ids: option,
        audience: { ...option, default: 'sts.amazonaws.com' },
        issuer: { ...option, default: 'https://token.actions.githubusercontent.com' },
        role: option,
      },
    });
    return values;
  } catch (error) {
    throw new Unusable(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function required(value: string | undefined, name: string, form: RegExp, example: string): string {
  if (value !== undefined && form.test(value)) return value;
  throw new Unusable(
    `--${name} is ${value === undefined ? 'required' : 'invalid'}, for example --${name} ${example}\n${usage}`,
  );
}

function readIds(ids: string | undefined) {
  if (ids === undefined) return undefined;
  const [owner = '', repository = ''] = required(ids, 'ids', /^\d+,\d+$/, '65,74').split(',');
  return { owner, repository };
}

function readPolicyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Unusable(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function main(): number {
  const { audience, environment, event, issuer, ...given } = readArguments();
  const path = required(given.policy, 'policy', /./, 'infra/deploy-trust.json');
  const repository = required(given.repository, 'repository', /^[^/\s]+\/[^/\s]+$/, 'octo-org/octo-repo');
  const ref = required(given.ref, 'ref', /^refs\/./, 'refs/heads/main');
  const text = readPolicyFile(path);
  const roleArn = given.role ?? roleOfPolicy(text);
  if (roleArn === undefined) throw new Unusable(`${path} does not name its role: add --role ARN`);
  const claims = claimsOfJob({ repository, ref, audience, environment, event, ids: readIds(given.ids) });
  const finding = checkPolicy({ roleArn, claims, issuer, known: 'some claims' }, path, text);
  for (const warning of finding.warnings) console.log(`Warning: ${warning}`);
  for (const line of finding.lines) console.log(line);
  return finding.allowed === false ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof Unusable || error instanceof NotATrustPolicy)) throw error;
  console.error(error instanceof NotATrustPolicy ? `The file of --policy ${error.message}.` : error.message);
  process.exitCode = 2;
}
