// Asks STS who it is, again and again in one process, for so many seconds; prints how often, or what failed.
import { setTimeout as delay } from 'node:timers/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';

const client = new STSClient({ credentials: defaultProvider(), endpoint: process.env.AWS_ENDPOINT_URL_STS });
const end = performance.now() + Number(process.argv[2]) * 1000;
let calls = 0;
for (; performance.now() < end; calls += 1) {
  await client.send(new GetCallerIdentityCommand({}));
  await delay(500);
}
console.log(calls > 0 ? 'asked' : 'did not ask');
