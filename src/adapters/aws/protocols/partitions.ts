/** The SDK's partition of a region; re-exported alone, because its module contains far more. */
export { partition } from '@aws-sdk/core/client';
