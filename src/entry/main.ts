import { connect } from '../adapters/aws/aws.ts';
import { openConnections } from '../adapters/connections.ts';
import { createHost, exit } from '../adapters/host.ts';
import { requestIdToken } from '../adapters/id-token.ts';
import { createJob } from '../adapters/job.ts';
import { asCredentialError, causesOf } from '../errors.ts';
import { run } from '../run.ts';

const job = createJob();
const host = createHost(job);
const { mask } = job;
try {
  await run({
    job,
    host,
    connect(network, say) {
      const { attempts } = network;
      const connections = openConnections(network);
      const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '' } = host.env;
      return {
        aws: connect({ network, connections, say, mask }),
        idToken: (audience) => requestIdToken(audience, { url, requestToken, attempts, connections, say, mask }),
      };
    },
  });
} catch (error) {
  const { code, message, hint, cause } = asCredentialError(error);
  for (const line of causesOf(cause)) job.debug(line);
  job.fail(`${code}: ${message}\n${hint}`);
}
exit();
