import { fileURLToPath } from 'node:url';
import type { Job } from '../../../emulator/contract.ts';

const script = fileURLToPath(new URL('session.py', import.meta.url));

/** What the AWS CLI and boto3 make of a job's credentials, or of a profile in its home. */
export interface Findings {
  /** Who the AWS CLI is, or the last line that it says. */
  readonly cli: string;
  /** What the AWS CLI read back after it had written it to S3, or the last line that it says. */
  readonly copied: string;
  /** The same of boto3; a complaint by its class. */
  readonly boto3: Readonly<Record<string, unknown>>;
}

/** Runs the tools in a step of the job, as a workflow would. */
export async function ask(job: Job, bucket: string, profile?: string): Promise<Findings> {
  const named = profile === undefined ? '' : ` --profile ${profile}`;
  const place = `s3://${bucket}/greeting`;
  const run = async (text: string) => {
    const { exitCode, log } = await job.run({ script: text });
    return { exitCode, said: log.trim().split('\n').at(-1)?.trim() ?? '' };
  };
  const cli = await run(`aws sts get-caller-identity${named} --region us-east-1 --output text --query Arn`);
  const copied = await run(
    `set -o pipefail; printf hello | aws s3 cp${named} --only-show-errors - ${place}; aws s3 cp${named} ${place} -`,
  );
  const boto3 = await run(`python '${script}' ${bucket} greeting ${profile ?? ''}`);
  return { cli: cli.said, copied: copied.said, boto3: JSON.parse(boto3.said) };
}
