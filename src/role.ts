import { invalidInput } from './errors.ts';
import type { Inputs } from './inputs.ts';

/** One role to assume, as planned. `role` is an ARN, or a name in the account of the source. */
export interface Hop {
  readonly role: string;
  /** What messages call it: the input's name, or its place in the chain. */
  readonly label: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
}

/** The parts of a role's ARN that matter here. */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly name: string;
}

/** AWS's limit for a role that another role's session assumes, in seconds. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
export const chainedSessionLimit = 3600;

const roleName = /^(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/;
const roleArn = /^arn:(aws(?:-[a-z]+)*):iam::(\d{12}):role\/((?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64})$/;

/** The parts of a role's ARN, or undefined where the text is not one. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition, account, name] = roleArn.exec(text) ?? [];
  return partition && account && name ? { partition, account, name } : undefined;
}

/** The hops that `role-to-assume` asks for, first to last; the duration and the external id are the last one's. */
export function readRoles(inputs: Inputs): readonly Hop[] {
  const roles = inputs.lines('role-to-assume');
  const sessionName = readSessionName(inputs) ?? 'GitHubActions';
  const durationSeconds = inputs.seconds('role-duration-seconds', { least: 900, most: 43_200 }) ?? chainedSessionLimit;
  const externalId = readExternalId(inputs);
  return roles.map((role, index) => {
    checkRole('role-to-assume', role);
    const label = roles.length === 1 ? 'role-to-assume' : `hop ${index + 1} of ${roles.length}`;
    if (index < roles.length - 1) return { role, label, sessionName, durationSeconds: chainedSessionLimit };
    return { role, label, sessionName, durationSeconds, ...(externalId === undefined ? {} : { externalId }) };
  });
}

/** `role-session-name`, checked and never altered. */
export function readSessionName(inputs: Inputs): string | undefined {
  const name = inputs.optional('role-session-name');
  if (name === undefined || isSessionName(name)) return name;
  throw invalidInput(
    'role-session-name',
    'is not a session name that STS takes.',
    'Use 2 to 64 of the letters, digits and _ + = , . @ - and no spaces.',
  );
}

/** Whether STS takes the name: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function isSessionName(name: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(name);
}

/** Throws INPUT_INVALID unless the text is a role's ARN or a role's name. */
export function checkRole(input: string, role: string): void {
  if (role.startsWith('arn:') ? parseRoleArn(role) : roleName.test(role)) return;
  throw invalidInput(
    input,
    `holds "${role}", which is neither a role ARN nor a role name.`,
    'Write arn:aws:iam::111122223333:role/NAME, or the NAME alone; several roles go on a line each.',
  );
}

function readExternalId(inputs: Inputs): string | undefined {
  const id = inputs.optional('role-external-id');
  if (id === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(id)) return id;
  throw invalidInput(
    'role-external-id',
    'is not an external id that STS takes.',
    'Use 2 to 1224 of the letters, digits and _ + = , . @ : / - and no spaces.',
  );
}
