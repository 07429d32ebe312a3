import type { Inbound } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { partitionOf } from '../iam/arn.ts';
import type { Caller } from '../iam/caller.ts';
import type { Key, Keyring } from '../iam/keyring.ts';
import { isSignedWith, parseSignature, type Signature } from './signature.ts';

// A request is good for a quarter of an hour around the moment that it names.
const skew = 15 * 60 * 1000;

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function checkScope({ region, service }: Signature): void {
  if (service !== 'sts') {
    throw new WireError(403, 'SignatureDoesNotMatch', `Credential should be scoped to correct service: 'sts'. `);
  }
  if (!/^[a-z]{2,3}(-[a-z]+)+-\d$/.test(region)) {
    throw new WireError(
      403,
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region, not '${region}'. `,
    );
  }
}

function checkDate(date: string, now: number): void {
  const then = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(then)) {
    const needed = `Date must be in ISO-8601 'basic format'. Got '${date}'.`;
    throw new WireError(400, 'IncompleteSignature', needed);
  }
  if (then < now - skew) {
    const late = `${date} is now earlier than ${stamp(now - skew)} (${stamp(now)} - 15 min.)`;
    throw new WireError(403, 'SignatureDoesNotMatch', `Signature expired: ${late}`);
  }
  if (then > now + skew) {
    const soon = `${date} is still later than ${stamp(now + skew)} (${stamp(now)} + 15 min.)`;
    throw new WireError(403, 'SignatureDoesNotMatch', `Signature not yet current: ${soon}`);
  }
}

/** The key that a request names, if it exists in the region's partition and comes with the right session token. */
function findKey({ headers }: Inbound, { accessKeyId, region }: Signature, keyring: Keyring): Key {
  const key = keyring.find(accessKeyId);
  if (!key || key.caller.partition !== partitionOf(region) || headers['x-amz-security-token'] !== key.session?.token) {
    throw new WireError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  return key;
}

/** Who signed a request; throws what STS answers when it cannot tell or will not believe. */
export function authenticate(request: Inbound, keyring: Keyring, now: number): Caller {
  const authorization = request.headers.authorization;
  if (authorization === undefined) {
    throw new WireError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  const signature = parseSignature(authorization);
  if (!signature) {
    // The real service names what is missing and repeats the header; the header is not repeated here.
    throw new WireError(400, 'IncompleteSignature', 'Authorization header is not a complete AWS Signature Version 4.');
  }
  const key = findKey(request, signature, keyring);
  if (key.session && key.session.expiration.getTime() <= now) {
    throw new WireError(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  checkScope(signature);
  checkDate(request.headers['x-amz-date'] ?? '', now);
  if (!isSignedWith(request, signature, key.secretAccessKey)) {
    const hint = 'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
    const mismatch = 'The request signature we calculated does not match the signature you provided.';
    throw new WireError(403, 'SignatureDoesNotMatch', `${mismatch} ${hint}`);
  }
  return key.caller;
}
