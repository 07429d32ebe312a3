import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { JobDescription } from '../contract.ts';
import { parseRoleArn } from '../iam/arn.ts';
import { type Policy, readPolicy } from '../iam/policy.ts';
import { readJob } from './job.ts';
import { type Machines, readMachines } from './machines.ts';
import { entries, isMapping, type Mapping, mapping, text, texts, whole } from './shape.ts';

/** A role that can be assumed. */
export interface Role {
  readonly maxSessionDuration: number;
  readonly trust: Policy;
  /** A policy of the organization that denies every request for the role, such as `service control policy: ARN`. */
  readonly deniedBy?: string;
}

/** The accounts, and who and what is in them; world.yaml says what each part means. */
export interface World {
  readonly issuer: string;
  /** Seconds that a session lives at most, whatever was requested. */
  readonly lifetime?: number;
  readonly job: JobDescription;
  readonly accounts: ReadonlyMap<string, { readonly name: string; readonly email: string }>;
  readonly users: ReadonlyMap<string, User>;
  readonly providers: ReadonlyMap<string, { readonly clientIds: readonly string[] }>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly sso: Sso;
  readonly machines: Machines;
  /** Cognito identity pools by their id. */
  readonly pools: ReadonlyMap<string, Pool>;
}

export interface Pool {
  readonly account: string;
  /** The names of the identity providers that it takes. */
  readonly providers: readonly string[];
  readonly guests: boolean;
  /** Whether it allows the basic flow. */
  readonly classic: boolean;
  readonly role: string;
  readonly guestRole: string;
  /** What may be asked for instead of `role`. */
  readonly customRoles: readonly string[];
}

export interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly mfa?: { readonly serialNumber: string; readonly code: string };
}

export interface Sso {
  readonly startUrl: string;
  readonly region: string;
  readonly user: string;
  readonly accessToken: string;
  readonly expiredAccessToken: string;
  readonly sessionDuration: number;
  /** The client that logged in, and what it may refresh with; a refresh token is good once. */
  readonly client: { readonly id: string; readonly secret: string; readonly refreshToken: string };
  /** Seconds that a refreshed access token is good for. */
  readonly tokenDuration: number;
  /** Permission set names by account. */
  readonly assignments: ReadonlyMap<string, readonly string[]>;
}

/** Entry by entry below the top level, so that a test can add one role and keep the others; null takes an entry out. */
function merge(base: Mapping, over: Mapping): Mapping {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isMapping(value) && isMapping(base[key]) ? { ...base[key], ...value } : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

/** Each entry of a mapping read by `read`; those that are null are left out. */
function each<T>(
  document: Mapping,
  part: string,
  read: (value: Mapping, where: string, key: string) => T,
): Map<string, T> {
  return new Map(
    entries(document[part], part)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, read(mapping(value, `${part}.${key}`), `${part}.${key}`, key)]),
  );
}

function readUser(value: Mapping, where: string): User {
  const keys = {
    accessKeyId: text(value.accessKeyId, `${where}.accessKeyId`),
    secretAccessKey: text(value.secretAccessKey, `${where}.secretAccessKey`),
  };
  if (value.mfa === undefined) return keys;
  const mfa = mapping(value.mfa, `${where}.mfa`);
  return {
    ...keys,
    mfa: {
      serialNumber: text(mfa.serialNumber, `${where}.mfa.serialNumber`),
      code: text(mfa.code, `${where}.mfa.code`),
    },
  };
}

function readRole(value: Mapping, where: string, arn: string): Role {
  if (!parseRoleArn(arn)) throw new TypeError(`${where} must be named by the ARN of a role.`);
  return {
    maxSessionDuration: whole(value.maxSessionDuration ?? 3600, `${where}.maxSessionDuration`),
    trust: readPolicy(value.trust, `${where}.trust`),
    ...(value.deniedBy === undefined ? {} : { deniedBy: text(value.deniedBy, `${where}.deniedBy`) }),
  };
}

function readClient(value: Mapping): Sso['client'] {
  return {
    id: text(value.id, 'sso.client.id'),
    secret: text(value.secret, 'sso.client.secret'),
    refreshToken: text(value.refreshToken, 'sso.client.refreshToken'),
  };
}

function readPool(value: Mapping, where: string): Pool {
  return {
    account: text(value.account, `${where}.account`),
    providers: texts(value.providers ?? [], `${where}.providers`),
    guests: value.guests === true,
    classic: value.classic === true,
    role: text(value.role, `${where}.role`),
    guestRole: text(value.guestRole ?? 'none', `${where}.guestRole`),
    customRoles: texts(value.customRoles ?? [], `${where}.customRoles`),
  };
}

function readSso(value: Mapping): Sso {
  return {
    startUrl: text(value.startUrl, 'sso.startUrl'),
    region: text(value.region, 'sso.region'),
    user: text(value.user, 'sso.user'),
    accessToken: text(value.accessToken, 'sso.accessToken'),
    expiredAccessToken: text(value.expiredAccessToken, 'sso.expiredAccessToken'),
    sessionDuration: whole(value.sessionDuration, 'sso.sessionDuration'),
    client: readClient(mapping(value.client, 'sso.client')),
    tokenDuration: whole(value.tokenDuration, 'sso.tokenDuration'),
    assignments: new Map(
      entries(value.assignments, 'sso.assignments').map(([account, roles]) => [
        account,
        texts(roles, `sso.assignments.${account}`),
      ]),
    ),
  };
}

/** Reads world.yaml with `over` merged into it; throws, naming the place, on what it cannot make sense of. */
export function readWorld(over: Mapping = {}, job: Partial<JobDescription> = {}): World {
  const file: unknown = parse(readFileSync(new URL('../world.yaml', import.meta.url), 'utf8'));
  const document = merge(mapping(file, 'world.yaml'), over);
  return {
    issuer: text(document.issuer, 'issuer'),
    ...(document.lifetime === undefined ? {} : { lifetime: whole(document.lifetime, 'lifetime') }),
    job: { ...readJob(mapping(document.job, 'job')), ...job },
    accounts: each(document, 'accounts', (value, where) => ({
      name: text(value.name, `${where}.name`),
      email: text(value.email, `${where}.email`),
    })),
    users: each(document, 'users', readUser),
    providers: each(document, 'providers', (value, where) => ({
      clientIds: texts(value.clientIds, `${where}.clientIds`),
    })),
    roles: each(document, 'roles', readRole),
    sso: readSso(mapping(document.sso, 'sso')),
    machines: readMachines(mapping(document.machines, 'machines')),
    pools: each(document, 'pools', readPool),
  };
}
