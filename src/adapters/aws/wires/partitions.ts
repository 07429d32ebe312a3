export { partition } from '@aws-sdk/core/client';
