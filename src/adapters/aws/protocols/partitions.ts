/** What AWS's SDK knows of the partition of a region; by itself, for the module that it stands in holds far more. */
export { partition } from '@aws-sdk/core/client';
