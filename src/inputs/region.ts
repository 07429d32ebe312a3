import { invalidInput } from '../contract/errors.ts';
import type { Inputs } from './inputs.ts';

/** What a region's name looks like: it becomes a part of a host's name, and no part of one is longer. */
export const regionPattern = /^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** `aws-region`, else AWS_REGION, else AWS_DEFAULT_REGION. Throws INPUT_INVALID. */
export function readRegion(inputs: Inputs): string | undefined {
  const region = inputs.optional('aws-region');
  if (region === undefined || regionPattern.test(region)) return region;
  throw invalidInput('aws-region', 'is not a region.', 'Write, for example, "aws-region: us-east-1".');
}

/** The region where there must be one. Throws INPUT_INVALID. */
export function needed(region: string | undefined): string {
  if (region !== undefined) return region;
  throw invalidInput(
    'aws-region',
    'is missing, and AWS_REGION is not set.',
    'Write, for example, "aws-region: us-east-1".',
  );
}
