/** What a source or a role hands out; structurally the AWS SDK's AwsCredentialIdentity. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Who the credentials are. The ARN is absent where no answer named it (IAM Identity Center names the account only). */
export interface Identity {
  readonly account: string;
  readonly arn?: string | undefined;
}

/** What a source's or a role's answer said: the credentials, and the identity where it was in the answer. */
export interface Retrieved {
  readonly credentials: Credentials;
  readonly identity?: Identity | undefined;
  /** See Session. */
  readonly ssoToken?: string | undefined;
}

/** A source that has a token instead of credentials: the first role is assumed with it. */
export interface WebIdentity {
  /** Asked again if AWS finds the token expired. */
  readonly mintToken: () => Promise<string>;
}

/** What is delivered to the job. */
export interface Session {
  readonly credentials: Credentials;
  readonly identity: Identity;
  readonly region: string;
  /** The SSO token that it was got with, for a later step to store: as it was given, or refreshed. */
  readonly ssoToken?: string | undefined;
}
