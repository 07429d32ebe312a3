/** The part of aws4 that the emulator uses; the package brings no types. */
declare module 'aws4' {
  export interface SignableRequest {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly service: string;
    readonly region: string;
    /** Sign what is there and add nothing. */
    readonly doNotModifyHeaders: true;
    /** Headers to sign that aws4 would leave out, such as user-agent. */
    readonly extraHeadersToInclude: Readonly<Record<string, true>>;
  }

  export class RequestSigner {
    constructor(
      request: SignableRequest,
      credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
    );
    /** As in X-Amz-Date. */
    datetime: string;
    /** The signature in hexadecimal. */
    signature(): string;
  }

  /** Signs a request, adding the headers that it lacks. */
  function sign(
    request: Pick<SignableRequest, 'method' | 'path' | 'headers' | 'body' | 'service' | 'region'>,
    credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string },
  ): { readonly headers: Record<string, string> };

  const aws4: { readonly RequestSigner: typeof RequestSigner; readonly sign: typeof sign };
  export default aws4;
}
