/** What lists of IAM Identity Center's portal are asked with; `nextToken` is the last page's. */
export interface PortalRequest {
  readonly region: string;
  readonly accessToken: string;
  readonly nextToken?: string | undefined;
}

/** One page of a list, and what to ask for the next one with. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

/** An account that an SSO token reaches. */
export interface PortalAccount {
  readonly id: string;
  readonly name: string;
}

/** What CreateToken takes to refresh an SSO token. */
export interface RefreshRequest {
  readonly region: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** What CreateToken hands out; the refresh token is absent where the one that was sent stays good. */
export interface RefreshedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken?: string | undefined;
}
