import { connect } from '../adapters/aws/aws.ts';
import { createJob } from '../adapters/github/job.ts';
import { createHost } from '../adapters/host.ts';
import type { Connections } from '../adapters/http/connections.ts';
import { exit, onStall, processEnvironment } from '../adapters/machine/process.ts';
import { asCredentialError, causesOf } from '../contract/errors.ts';
import { type Ports, run } from '../run.ts';

const job = createJob(processEnvironment());
const host = createHost(job);
const { mask } = job;
const ports: Ports = {
  job,
  host,
  connect(network, say) {
    const { attempts } = network;
    // Created lazily, with the first request: node:http and node:tls are slow to load.
    let opened: Promise<Connections> | undefined;
    const connections = (): Promise<Connections> => {
      opened ??= import('../adapters/http/connections.ts').then(({ openConnections }) => openConnections(network));
      return opened;
    };
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '' } = host.env;
    return {
      aws: connect({ network, connections, log: say, mask }),
      async idToken(audience) {
        const { requestIdToken } = await import('../adapters/github/id-token.ts');
        return requestIdToken(audience, { url, requestToken, attempts, connections, log: say, mask });
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
