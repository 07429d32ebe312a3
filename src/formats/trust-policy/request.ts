import type { Signer } from './signer.ts';

/** What a request to assume a role shows of itself. */
export type AssumeRequest = TokenRequest | SignedRequest;

/** AssumeRoleWithWebIdentity, as STS sees it. */
export interface TokenRequest {
  readonly how: 'token';
  readonly roleArn: string;
  /** The token's `iss`. */
  readonly issuer: string;
  /** The token's claims that are text. */
  readonly claims: Readonly<Record<string, string>>;
  /** `some`: a claim that is not listed may be in the token. `environment` is listed if there is one. */
  readonly known: 'all claims' | 'some claims';
  readonly sessionName?: string | undefined;
}

/** AssumeRole, as STS sees it. */
export interface SignedRequest {
  readonly how: 'signature';
  readonly roleArn: string;
  readonly signer?: Signer | undefined;
  readonly sent: Sent;
}

/** What a signed request carries. */
export interface Sent {
  readonly sessionName?: string | undefined;
  readonly externalId?: string | undefined;
  /** With those that the signer's session hands down. */
  readonly tags?: readonly { readonly key: string; readonly value: string }[] | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** Also one that the signer's session has from before. */
  readonly sourceIdentity?: string | undefined;
  /** Whether a second factor's code is sent. */
  readonly mfa?: boolean | undefined;
}

/** The issuer as condition keys and provider ARNs write it. */
export const providerOf = (issuer: string): string => issuer.replace(/^https?:\/\//, '');

/** The ARN of the token's identity provider, in the account of the role. */
export function providerArn({ roleArn, issuer }: TokenRequest): string {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  return `arn:${partition}:iam::${account}:oidc-provider/${providerOf(issuer)}`;
}

/** The actions that the trust policy must allow. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function actionsOf(request: AssumeRequest): readonly string[] {
  if (request.how === 'token') return ['sts:AssumeRoleWithWebIdentity'];
  const { tags = [], sourceIdentity } = request.sent;
  return [
    'sts:AssumeRole',
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
}
