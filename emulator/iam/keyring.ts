import { randomBytes } from 'node:crypto';
import type { World } from '../world/world.ts';
import { parseArn } from './arn.ts';
import { type Caller, uniqueId } from './caller.ts';

/** An access key and who it belongs to; a session's key has a token and an end. */
export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly session?: { readonly token: string; readonly expiration: Date };
  readonly caller: Caller;
}

/** Every access key of the world, and those handed out since. */
export interface Keyring {
  find(accessKeyId: string): Key | undefined;
  /** Makes a session's key. */
  issue(
    caller: Caller,
    seconds: number,
  ): Key & { readonly session: { readonly token: string; readonly expiration: Date } };
  /** From now on no session lives longer than so many seconds; undefined: no limit. */
  limitLifetime(seconds: number | undefined): void;
  secrets(): readonly string[];
}

// 430 bytes make a session token of about the length of a real one; all real ones begin alike.
const tokenPrefix = 'IQoJb3JpZ2luX2Vj';
const tokenBytes = 430;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function readUser(arn: string): Caller {
  const { account = '', partition = 'aws' } = parseArn(arn) ?? {};
  const userId = uniqueId('AIDA', arn);
  return { kind: 'user', arn, principalArn: arn, userId, account, partition, tags: {}, transitiveTagKeys: [] };
}

export function createKeyring(world: World, now: () => number): Keyring {
  const keys = new Map<string, Key>(
    [...world.users].map(([arn, { accessKeyId, secretAccessKey }]) => [
      accessKeyId,
      { accessKeyId, secretAccessKey, caller: readUser(arn) },
    ]),
  );
  let longest = world.lifetime ?? Number.POSITIVE_INFINITY;
  return {
    limitLifetime: (seconds = Number.POSITIVE_INFINITY) => {
      longest = seconds;
    },
    find: (accessKeyId) => keys.get(accessKeyId),
    issue: (caller, seconds) => {
      const key = {
        accessKeyId: `ASIA${Array.from(randomBytes(16), (byte) => alphabet.charAt(byte % 32)).join('')}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        session: {
          token: tokenPrefix + randomBytes(tokenBytes).toString('base64'),
          // AWS answers whole seconds.
          expiration: new Date((Math.floor(now() / 1000) + Math.min(seconds, longest)) * 1000),
        },
        caller,
      };
      keys.set(key.accessKeyId, key);
      return key;
    },
    secrets: () =>
      [...keys.values()].flatMap(({ secretAccessKey, session }) => [
        secretAccessKey,
        ...(session ? [session.token] : []),
      ]),
  };
}
