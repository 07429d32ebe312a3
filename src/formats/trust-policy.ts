/** Parses and evaluates the trust policies of roles; the parts are in the folder of the same name. */
export { type Check, readOperator } from './trust-policy/condition.ts';
export { type Decision, decide, evaluate, type Judgment } from './trust-policy/evaluate.ts';
export { claimOf, githubClaims, githubProvider, type KeyNote } from './trust-policy/keys.ts';
export {
  NotATrustPolicy,
  type Principal,
  parseTrustPolicy,
  rolesNamedIn,
  type Statement,
  type TrustPolicy,
} from './trust-policy/parse.ts';
export { arnParts, hasWildcard, matchesArn, matchesPattern } from './trust-policy/pattern.ts';
export {
  type AssumeRequest,
  actionsOf,
  providerArn,
  providerOf,
  type Sent,
  type SignedRequest,
  type TokenRequest,
} from './trust-policy/request.ts';
export { accountOf, readSigner, roleNameOf, type Signer } from './trust-policy/signer.ts';
