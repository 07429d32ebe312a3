const issuer = 'token.actions.githubusercontent.com';

const provider = (account: string): string => `arn:aws:iam::${account}:oidc-provider/${issuer}`;

/** A role that the job's ID token gets in each of these accounts. */
export const accounts = ['111111111111', '222222222222', '333333333333'] as const;

export const roleIn = (account: string): string => `arn:aws:iam::${account}:role/bench`;

const trustIn = (account: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: provider(account) },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: 'repo:octo-org*/octo-repo*:*' },
      },
    },
  ],
});

/** What the bench adds to the emulator's world. */
export const world = {
  providers: Object.fromEntries(
    accounts.slice(1).map((account) => [provider(account), { clientIds: ['sts.amazonaws.com'] }]),
  ),
  roles: Object.fromEntries(accounts.map((account) => [roleIn(account), { trust: trustIn(account) }])),
};
