import { connect } from '../adapters/aws/aws.ts';
import { createHost, exit } from '../adapters/host.ts';
import { requestIdToken } from '../adapters/id-token.ts';
import { createJob } from '../adapters/job.ts';
import { asCredentialError, causesOf } from '../errors.ts';
import { run } from '../run.ts';

const job = createJob();
const host = createHost(job, requestIdToken);
try {
  await run({ job, host, connect: (network) => connect(network, job.mask) });
} catch (error) {
  const { code, message, hint, cause } = asCredentialError(error);
  for (const line of causesOf(cause)) job.debug(line);
  job.fail(`${code}: ${message}\n${hint}`);
}
exit();
