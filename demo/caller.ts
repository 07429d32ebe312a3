import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Job } from '../emulator/contract.ts';

/** Asks, as a later step of the job would with an AWS SDK, who it is: the request is signed with the job's variables. */
export async function callerArn({ environment }: Job): Promise<string> {
  const client = new STSClient({
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL_STS ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: environment.AWS_SESSION_TOKEN ?? '',
    },
    maxAttempts: 1,
  });
  try {
    const { Arn = 'nobody' } = await client.send(new GetCallerIdentityCommand({}));
    return Arn;
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    client.destroy();
  }
}
