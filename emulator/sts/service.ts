import type { OpenIdTokens } from '../cognito/openid-tokens.ts';
import type { Issuer } from '../github/issuer.ts';
import { type Inbound, loggable, type Outbound, type Service } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { authenticate } from './authentication.ts';
import { readForm } from './form.ts';
import type { Sts } from './session.ts';
import { parseSignature } from './signature.ts';
import { refusal, result } from './xml.ts';

// Not logged: secrets, and what every request has.
const unlogged = [
  'WebIdentityToken',
  'TokenCode',
  'SAMLAssertion',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'Action',
  'Version',
];

/** STS, in the query protocol that the SDKs speak to it. */
export function createSts(sts: Sts & { readonly issuer: Issuer; readonly tokens: OpenIdTokens }): Service {
  const caller = (request: Inbound) => authenticate(request, sts.keyring, sts.now());

  async function answer(request: Inbound): Promise<Outbound> {
    const form = readForm(request);
    const action = form.get('Action');
    switch (action) {
      case 'AssumeRoleWithWebIdentity':
        return assumeRoleWithWebIdentity(form, sts);
      case 'AssumeRole':
        return assumeRole(form, caller(request), sts);
      case 'GetCallerIdentity': {
        const { arn, userId, account } = caller(request);
        return result('GetCallerIdentity', { Arn: arn, UserId: userId, Account: account });
      }
      default:
        throw new WireError(
          400,
          'InvalidAction',
          `Could not find operation ${action} for version ${form.get('Version')}`,
        );
    }
  }

  return {
    name: 'sts',
    describe: (request) => {
      const form = readForm(request);
      const signature = parseSignature(request.headers.authorization ?? '');
      return {
        operation: form.get('Action') ?? 'Unknown',
        parameters: loggable(form, unlogged),
        ...(signature ? { signedBy: signature.accessKeyId } : {}),
      };
    },
    answer,
    refuse: refusal,
    throttle: () => new WireError(400, 'Throttling', 'Rate exceeded'),
  };
}
