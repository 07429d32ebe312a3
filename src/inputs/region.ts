import { invalidInput } from '../contract/errors.ts';
import { regionPattern } from '../formats/patterns.ts';
import type { Inputs } from './inputs.ts';

/** `aws-region`, else AWS_REGION, else AWS_DEFAULT_REGION. Throws INPUT_INVALID. */
export function readRegion(inputs: Inputs): string | undefined {
  const region = inputs.optional('aws-region');
  if (region === undefined || regionPattern.test(region)) return region;
  throw invalidInput('aws-region', 'is not a region.', 'Write, for example, "aws-region: us-east-1".');
}

/** The region where there must be one. Throws INPUT_INVALID. */
export function requireRegion(region: string | undefined): string {
  if (region !== undefined) return region;
  throw invalidInput(
    'aws-region',
    'is missing, and AWS_REGION is not set.',
    'Write, for example, "aws-region: us-east-1".',
  );
}
