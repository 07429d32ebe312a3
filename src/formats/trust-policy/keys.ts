import { type AssumeRequest, providerArn, providerOf, type SignedRequest, type TokenRequest } from './request.ts';
import { accountOf } from './signer.ts';

/** What a request shows under a condition key. */
export type Presented =
  /** No values: the key is absent. The note says why AWS never fills it. */
  | { readonly state: 'known'; readonly values: readonly string[]; readonly note?: KeyNote | undefined }
  /** The ARN of a role whose path is not known. */
  | { readonly state: 'role without path'; readonly account: string; readonly partition: string; readonly role: string }
  | { readonly state: 'unknown' };

/** Why a key is absent from every such request. */
export type KeyNote = 'no key of AWS' | 'https prefix' | 'provider missing' | 'other provider' | 'not for tokens';

export const githubProvider = 'token.actions.githubusercontent.com';

/** The claims of GitHub's tokens that AWS has condition keys for. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif */
export const githubClaims: readonly string[] = [
  'aud',
  'sub',
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'workflow',
];

const unknown: Presented = { state: 'unknown' };
const known = (values: readonly string[], note?: KeyNote): Presented => ({ state: 'known', values, note });
const optional = (value: string | undefined): Presented => known(value === undefined ? [] : [value]);

/** What the request shows under the key; key names have no letter case. */
export function presentedUnder(key: string, request: AssumeRequest): Presented {
  const name = key.toLowerCase();
  return request.how === 'token' ? fromToken(name, request) : fromSignature(name, request);
}

/** The claim that a key of this provider asks for, in lower case; undefined for any other key. */
export function claimOf(key: string, issuer: string): string | undefined {
  const prefix = `${providerOf(issuer).toLowerCase()}:`;
  return key.toLowerCase().startsWith(prefix) ? key.toLowerCase().slice(prefix.length) : undefined;
}

function fromToken(key: string, request: TokenRequest): Presented {
  const claim = claimOf(key, request.issuer);
  const ofGithub = providerOf(request.issuer) === githubProvider;
  if (claim !== undefined) return fromClaim(claim, request, ofGithub);
  if (key === 'aws:federatedprovider') return known([providerArn(request)]);
  if (key === 'sts:rolesessionname') return request.sessionName === undefined ? unknown : known([request.sessionName]);
  if (key === 'sts:externalid') return known([], 'not for tokens');
  // Tokens of other issuers may hold claims of AWS that set these.
  if (/^(?:aws:requesttag\/.*|aws:tagkeys|sts:transitivetagkeys|sts:sourceidentity)$/.test(key)) {
    return ofGithub ? known([], 'not for tokens') : unknown;
  }
  return /^(?:aws|sts):/.test(key) ? unknown : known([], noteOn(key, request.issuer));
}

function fromClaim(claim: string, { claims, known: extent }: TokenRequest, ofGithub: boolean): Presented {
  if (ofGithub && !githubClaims.includes(claim)) return known([], 'no key of AWS');
  if (!ofGithub && claim !== 'aud' && claim !== 'sub') return unknown;
  const value = new Map(Object.entries(claims)).get(claim);
  if (value === undefined && extent === 'some claims' && claim !== 'environment') return unknown;
  return optional(value);
}

function noteOn(key: string, issuer: string): KeyNote {
  if (claimOf(key.replace(/^https?:\/\//, ''), issuer) !== undefined) return 'https prefix';
  return /[:/]/.test(key) ? 'other provider' : 'provider missing';
}

/** A session that the plan did not make may have more from before. */
const hasUnknownPast = ({ signer }: SignedRequest): boolean => signer === undefined || signer.kind === 'session';

function fromSignature(key: string, request: SignedRequest): Presented {
  const { externalId, sessionName, sourceIdentity, tags = [], transitiveTagKeys = [] } = request.sent;
  const tag = /^aws:requesttag\/(.*)$/s.exec(key)?.[1];
  const inherited = (shown: Presented): Presented =>
    shown.state === 'known' && shown.values.length === 0 && hasUnknownPast(request) ? unknown : shown;
  if (tag !== undefined) return inherited(optional(tags.find((sent) => sent.key.toLowerCase() === tag)?.value));
  const fixed: Readonly<Record<string, () => Presented>> = {
    'sts:externalid': () => optional(externalId),
    'sts:rolesessionname': () => (sessionName === undefined ? unknown : known([sessionName])),
    'sts:sourceidentity': () => inherited(optional(sourceIdentity)),
    'aws:tagkeys': () => inherited(known(tags.map((sent) => sent.key))),
    'sts:transitivetagkeys': () => inherited(known(transitiveTagKeys)),
    'aws:principalarn': () => principalArn(request),
    'aws:principalaccount': () => account(request),
    'aws:multifactorauthpresent': () => secondFactor(request),
  };
  return new Map(Object.entries(fixed)).get(key)?.() ?? unknown;
}

function principalArn({ signer }: SignedRequest): Presented {
  if (signer === undefined) return unknown;
  if (signer.kind !== 'session') return known([signer.arn]);
  const { partition = '', account: id = '' } = accountOf(signer.arn) ?? {};
  return { state: 'role without path', partition, account: id, role: signer.role };
}

function account({ signer }: SignedRequest): Presented {
  const id = signer && accountOf(signer.arn)?.account;
  return id === undefined ? unknown : known([id]);
}

/** A role's session has no second factor. A user's may have one from before. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html */
function secondFactor({ signer, sent }: SignedRequest): Presented {
  if (sent.mfa === true) return known(['true']);
  if (signer?.kind === 'user') return signer.keys === 'long-term' ? known([]) : unknown;
  return signer === undefined ? unknown : known(['false']);
}
