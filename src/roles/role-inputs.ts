import type { Inputs } from '../inputs/inputs.ts';

/** The inputs that say something of the roles to assume, by what it is. */
export const roleInputs = {
  sessionName: 'role-session-name',
  durationSeconds: 'role-duration-seconds',
  externalId: 'role-external-id',
  inlinePolicy: 'inline-session-policy',
  managedPolicies: 'managed-session-policies',
  sourceIdentity: 'source-identity',
  mfaSerial: 'mfa-serial',
  mfaCode: 'mfa-code',
  tags: 'custom-tags',
  transitiveTagKeys: 'transitive-tag-keys',
} as const;

const roleRelatedInputs = [
  'role-to-assume',
  'role-chain',
  'role-skip-session-tagging',
  'special-characters-workaround',
  ...Object.values(roleInputs),
];

/** Whether any of them is given. */
export function mentionsRoles(inputs: Inputs): boolean {
  return roleRelatedInputs.some((name) => inputs.optional(name) !== undefined);
}

/** The input that names the roles. */
export function rolesInput(inputs: Inputs): 'role-chain' | 'role-to-assume' {
  return inputs.optional('role-chain') === undefined ? 'role-to-assume' : 'role-chain';
}
