import type { Retrieved, WebIdentity } from '../../contract/credentials.ts';
import type { Aws, Logins } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { loginsOf } from './logins.ts';
import type { CognitoSource } from './select.ts';

/** The session of the identity, or the way to its token. Throws CredentialError. */
export async function retrieveCognito(source: CognitoSource, { aws, host }: Effects): Promise<Retrieved | WebIdentity> {
  const { region, vouchers, flow } = source;
  aws.warmUp();
  const vouchedFor = async () => {
    const logins = await loginsOf(vouchers, host);
    return { region, logins, identity: await identityOf(source, logins, aws) };
  };
  if (flow.kind === 'basic') return { mintToken: async () => aws.getCognitoToken(await vouchedFor()) };
  return { credentials: await aws.getCognitoCredentials(await vouchedFor(), flow.roleArn) };
}

async function identityOf({ region, who }: CognitoSource, logins: Logins, aws: Aws): Promise<string> {
  return 'identity' in who ? who.identity : aws.getCognitoId({ ...who, region, logins });
}
