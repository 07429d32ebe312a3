import { notApplicable, type Strategy } from '../source.ts';
import type { CognitoSource } from './select.ts';

const names = [
  'cognito-identity-pool-id',
  'cognito-identity-id',
  'cognito-logins',
  'cognito-role-arn',
  'cognito-account-id',
  'cognito-flow',
] as const;

/** An identity of a Cognito identity pool. https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html */
export const cognitoSource: Strategy<CognitoSource> = {
  kind: 'cognito',
  claim: (inputs) => names.find((name) => inputs.optional(name) !== undefined),

  async select(context) {
    const claim = cognitoSource.claim(context.inputs);
    if (claim === undefined) {
      return notApplicable('"cognito-identity-pool-id" is not given', 'Give the pool in "cognito-identity-pool-id".');
    }
    const { selectCognito } = await import('./select.ts');
    return selectCognito(context, claim);
  },

  describe: ({ description }) => description,

  async retrieve(source, effects) {
    const { retrieveCognito } = await import('./retrieve.ts');
    return retrieveCognito(source, effects);
  },
};
