import { connect } from '../adapters/aws/aws.ts';
import type { Connections } from '../adapters/http/connections.ts';
import { createHost, environment, exit, onStall } from '../adapters/host.ts';
import { createJob } from '../adapters/github/job.ts';
import { asCredentialError, causesOf } from '../contract/errors.ts';
import type { Network } from '../contract/ports.ts';
import { type Ports, run } from '../run.ts';

const job = createJob(environment());
const host = createHost(job);
const { mask } = job;
const ports: Ports = {
  job,
  host,
  connect(network, say) {
    const { attempts } = network;
    // Opened once, by whoever asks first: what opens them comes with the code of the first request.
    let opened: Connections | undefined;
    const connections = (open: (network: Network) => Connections): Connections => {
      opened ??= open(network);
      return opened;
    };
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '' } = host.env;
    return {
      aws: connect({ network, connections, say, mask }),
      async idToken(audience) {
        const { requestIdToken } = await import('../adapters/github/id-token.ts');
        return requestIdToken(audience, { url, requestToken, attempts, connections, say, mask });
      },
    };
  },
};

function fail(error: unknown): void {
  const { code, message, hint, cause } = asCredentialError(error);
  for (const line of causesOf(cause)) job.debug(line);
  job.fail(`${code}: ${message}\n${hint}`);
}

// Not awaited here: a CommonJS file, which Node starts faster than an ECMAScript module, cannot. So Node would not say it.
onStall(() => fail(new Error('nothing is left to wait for, and yet the step has not come to its end')));
void run(ports).catch(fail).then(exit);
