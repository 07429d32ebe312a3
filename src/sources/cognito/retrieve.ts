import type { Retrieved, WebIdentity } from '../../contract/credentials.ts';
import type { Aws, Logins } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { mintLogins } from './logins.ts';
import type { CognitoSource } from './select.ts';

/** The session of the identity, or the way to its token. Throws CredentialError. */
export async function retrieveCognito(source: CognitoSource, { aws, host }: Effects): Promise<Retrieved | WebIdentity> {
  const { region, loginSource, flow } = source;
  aws.warmUp();
  const withLogins = async () => {
    const logins = await mintLogins(loginSource, host);
    return { region, logins, identity: await identityOf(source, logins, aws) };
  };
  if (flow.kind === 'basic') return { mintToken: async () => aws.getCognitoToken(await withLogins()) };
  return { credentials: await aws.getCognitoCredentials(await withLogins(), flow.roleArn) };
}

async function identityOf({ region, who }: CognitoSource, logins: Logins, aws: Aws): Promise<string> {
  return 'identity' in who ? who.identity : aws.getCognitoId({ ...who, region, logins });
}
