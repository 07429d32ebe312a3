import type { Keys } from '../../emulator/support/wire.ts';

/** A request that is made at both. */
export interface StsRequest {
  readonly about: string;
  readonly form: Readonly<Record<string, string>>;
  readonly signedBy: { readonly who: 'nobody' | 'user' | 'session'; readonly but?: Partial<Keys> };
  /** moto is asked without its checks. */
  readonly unchecked?: true;
}

const user = { who: 'user' } as const;
const session = { who: 'session' } as const;
const ask = { Action: 'GetCallerIdentity' };
const role = (name: string, account = '111111111111') => `arn:aws:iam::${account}:role/${name}`;
const assume = { Action: 'AssumeRole', RoleArn: role('long'), RoleSessionName: 'GitHubActions' };

/** What both answer. */
export const shared: readonly StsRequest[] = [
  { about: 'who a user is', form: ask, signedBy: user },
  { about: 'who a session is', form: ask, signedBy: session },
  { about: 'a role', form: assume, signedBy: user },
  { about: 'a role for a quarter of an hour', form: { ...assume, DurationSeconds: '900' }, signedBy: user },
  { about: 'a role for two hours', form: { ...assume, DurationSeconds: '7200' }, signedBy: user },
  {
    about: 'a role with tags, a policy and an external id',
    form: {
      ...assume,
      'Tags.member.1.Key': 'Team',
      'Tags.member.1.Value': 'red or blue',
      'TransitiveTagKeys.member.1': 'Team',
      Policy: '{"Version":"2012-10-17","Statement":[]}',
      ExternalId: 'some-id',
    },
    signedBy: user,
  },
  {
    about: 'a role of another account, from a session',
    form: { ...assume, RoleArn: role('target', '222222222222') },
    signedBy: session,
  },
  {
    about: 'a role for a token',
    form: { ...assume, Action: 'AssumeRoleWithWebIdentity', RoleArn: role('deploy') },
    signedBy: { who: 'nobody' },
    unchecked: true,
  },
  { about: 'a key that nobody has', form: assume, signedBy: { ...user, but: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' } } },
  { about: 'a wrong secret, for a role', form: assume, signedBy: { ...user, but: { secretAccessKey: 'x' } } },
  { about: 'a wrong secret, for who one is', form: ask, signedBy: { ...user, but: { secretAccessKey: 'x' } } },
  { about: 'a wrong secret of a session', form: ask, signedBy: { ...session, but: { secretAccessKey: 'x' } } },
  { about: 'a wrong token of a session', form: ask, signedBy: { ...session, but: { sessionToken: 'x' } } },
  { about: 'no token of a session', form: ask, signedBy: { ...session, but: { sessionToken: '' } } },
  { about: 'a token with a key that has none', form: ask, signedBy: { ...user, but: { sessionToken: 'x' } } },
  { about: 'a role that trusts someone else', form: { ...assume, RoleArn: role('nobody') }, signedBy: user },
  { about: 'a role that trusts another session', form: { ...assume, RoleArn: role('for-user') }, signedBy: session },
  { about: 'a session name of 65 characters', form: { ...assume, RoleSessionName: 'x'.repeat(65) }, signedBy: user },
];

/** What moto lets pass, or stumbles over, and the emulator refuses as STS does. */
export const refusedByUs: readonly (StsRequest & {
  readonly moto: number;
  readonly emulator: readonly [number, string];
})[] = [
  {
    about: 'a role that is not there',
    form: { ...assume, RoleArn: role('missing') },
    signedBy: user,
    moto: 200,
    emulator: [403, 'AccessDenied'],
  },
  {
    about: 'a session name with a blank',
    form: { ...assume, RoleSessionName: 'two words' },
    signedBy: user,
    moto: 200,
    emulator: [400, 'ValidationError'],
  },
  {
    about: 'a duration of a second',
    form: { ...assume, DurationSeconds: '1' },
    signedBy: user,
    moto: 200,
    emulator: [400, 'ValidationError'],
  },
  {
    about: 'two hours for a chained role',
    form: { ...assume, RoleArn: role('target', '222222222222'), DurationSeconds: '7200' },
    signedBy: session,
    moto: 200,
    emulator: [400, 'ValidationError'],
  },
  {
    about: 'a policy of 2049 characters',
    form: { ...assume, Policy: `{"Version":"2012-10-17",${' '.repeat(2025)}}` },
    signedBy: user,
    moto: 200,
    emulator: [400, 'ValidationError'],
  },
  {
    about: 'no signature',
    form: assume,
    signedBy: { who: 'nobody' },
    moto: 500,
    emulator: [403, 'MissingAuthenticationToken'],
  },
  {
    about: 'an action that STS does not have',
    form: { Action: 'Nothing' },
    signedBy: user,
    moto: 500,
    emulator: [400, 'InvalidAction'],
  },
];

/** A way in which moto's answers differ from the emulator's wherever this field is, and why the emulator is right. */
export interface KnownDifference {
  readonly field: RegExp;
  readonly emulator: RegExp | undefined;
  readonly moto: RegExp | undefined;
  readonly why: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    field: /Credentials\.Expiration$/,
    emulator: /^0000-00-00T00:00:00Z, in (\d+) minutes$/,
    moto: /^0000-00-00T00:00:00\.000000Z, in (\d+) minutes$/,
    why: 'AWS answers whole seconds, moto adds microseconds.',
  },
  {
    field: /\.PackedPolicySize$/,
    emulator: /^(?!6$)\d+$/,
    moto: /^6$/,
    why: 'AWS answers how much of the room policies and tags take; moto always says 6.',
  },
  {
    field: /\.PackedPolicySize$/,
    emulator: undefined,
    moto: /^6$/,
    why: 'AWS leaves it out where there are no policies and no tags; moto always says 6.',
  },
  {
    field: /GetCallerIdentityResult\.UserId$/,
    emulator: /^AIDA and 17$/,
    moto: /^[a-z0-9]{20}$/,
    why: "AWS's ids of users begin with AIDA, moto's are any twenty characters.",
  },
  {
    field: /WithWebIdentityResult\.AssumedRoleUser\.AssumedRoleId$/,
    emulator: /^AROA and 17:GitHubActions$/,
    moto: /^ARO123EXAMPLE123:GitHubActions$/,
    why: 'moto answers the id of an example, whatever the role.',
  },
  {
    field: /WithWebIdentityResult\.(Audience|Provider|SubjectFromWebIdentityToken)$/,
    emulator: /./,
    moto: undefined,
    why: 'moto does not look into the token, so it cannot say what is in it.',
  },
  {
    field: /^ErrorResponse\.RequestId$/,
    emulator: /^an id$/,
    moto: undefined,
    why: 'What refuses a signature in moto answers no id.',
  },
  {
    field: /^ErrorResponse\.Error\.Message$/,
    emulator: /^(User: \S+ is not authorized to perform: sts:AssumeRole) on resource: \S+$/,
    moto: /^(User: \S+ is not authorized to perform: sts:AssumeRole)$/,
    why: 'AWS names the role as well, moto does not.',
  },
  {
    field: /^ErrorResponse\.Error\.Message$/,
    emulator: /^(.* less than or )equal to 64$/,
    moto: /^(.* less than or ) equal to 64$/,
    why: 'moto writes one blank too many.',
  },
];
