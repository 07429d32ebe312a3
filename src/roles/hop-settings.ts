import { type CredentialError, invalidInput, type Refuse } from '../contract/errors.ts';
import type { Mfa, Tag } from '../contract/hop.ts';
import { secondsIn } from '../formats/duration.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { roleInputs } from './role-inputs.ts';
import { checkInlinePolicy, checkManagedPolicies } from './session-policy.ts';
import { parseCustomTags } from './tags.ts';

/** What may be asked of one hop; undefined where nothing is said. */
export interface HopSettings {
  readonly sessionName?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly externalId?: string | undefined;
  readonly inlinePolicy?: string | undefined;
  readonly managedPolicies?: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
  readonly mfa?: Mfa | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
}

/** The settings by name. */
export type HopSettingName = Exclude<keyof HopSettings, 'mfa'> | 'mfaSerial' | 'mfaCode';

/** The settings as they are written down: in inputs of their own, or in an entry of `role-chain`. */
export interface SettingReader {
  /** Empty is absent. */
  text(setting: HopSettingName): string | undefined;
  /** Masked before it is returned. */
  secret(setting: HopSettingName): string | undefined;
  list(setting: HopSettingName): readonly string[] | undefined;
  tags(): readonly Tag[] | undefined;
  refuse(setting: HopSettingName, problem: string, hint: string): CredentialError;
}

interface SettingRule {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly hint: string;
}

/** What STS takes: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const rules: Readonly<Record<'sessionName' | 'externalId' | 'sourceIdentity' | 'mfaSerial' | 'mfaCode', SettingRule>> =
  {
    sessionName: {
      pattern: /^[\w+=,.@-]{2,64}$/,
      problem: 'is not a session name that STS takes.',
      hint: 'Use 2 to 64 of the letters, digits and _ + = , . @ - and no spaces.',
    },
    externalId: {
      pattern: /^[\w+=,.@:/-]{2,1224}$/,
      problem: 'is not an external id that STS takes.',
      hint: 'Use 2 to 1224 of the letters, digits and _ + = , . @ : / - and no spaces.',
    },
    sourceIdentity: {
      pattern: /^[\w+=,.@-]{2,64}$/,
      problem: 'is not a source identity that STS takes.',
      hint: 'Use 2 to 64 of the letters, digits and _ + = , . @ - and no spaces.',
    },
    mfaSerial: {
      pattern: /^(?:arn:aws(?:-[a-z]+)*:iam::\d{12}:mfa\/[\w+=/,.@-]{1,200}|(?!arn:)[\w+=/,.@-]{9,256})$/,
      problem: 'is not the serial number of an MFA device.',
      hint: 'Write its ARN, such as arn:aws:iam::111122223333:mfa/NAME, or the serial number of a hardware device.',
    },
    mfaCode: {
      pattern: /^\d{6}$/,
      problem: 'is not a code of six digits.',
      hint: 'Give the six digits that the device shows now, in quotes so that YAML keeps leading zeros.',
    },
  };

const durations = { least: 900, most: 43_200 } as const;

/** The settings that inputs of their own ask for. Throws INPUT_INVALID. */
export function readInputSettings(inputs: Inputs): HopSettings {
  const refuse = (setting: HopSettingName, problem: string, hint: string) =>
    invalidInput(roleInputs[setting], problem, hint);
  return readSettings({
    refuse,
    text: (setting) => {
      const name = roleInputs[setting];
      return inputs.optional(name);
    },
    // A profile may name the device: whether the code is for one shows when the hops are known.
    secret: (setting) =>
      inputs.optional(roleInputs.mfaSerial) === undefined ? undefined : inputs.secret(roleInputs[setting]),
    list: (setting) => {
      const lines = inputs.lines(roleInputs[setting]);
      return lines.length === 0 ? undefined : lines;
    },
    tags: () => {
      const json = inputs.optional(roleInputs.tags);
      return json === undefined ? undefined : parseCustomTags(json, refusal(refuse, 'tags'));
    },
  });
}

/** Reads and checks settings. Throws INPUT_INVALID. */
export function readSettings(written: SettingReader): HopSettings {
  const duration = written.text('durationSeconds');
  const policy = written.text('inlinePolicy');
  const policies = written.list('managedPolicies');
  const refuse = (setting: HopSettingName) => refusal(written.refuse, setting);
  return {
    sessionName: checkSetting('sessionName', written),
    durationSeconds: duration === undefined ? undefined : secondsIn(duration, durations, refuse('durationSeconds')),
    externalId: checkSetting('externalId', written),
    inlinePolicy: policy === undefined ? undefined : checkInlinePolicy(policy, refuse('inlinePolicy')),
    managedPolicies: policies === undefined ? undefined : checkManagedPolicies(policies, refuse('managedPolicies')),
    sourceIdentity: checkSetting('sourceIdentity', written),
    mfa: readMfa(written),
    tags: written.tags(),
    transitiveTagKeys: written.list('transitiveTagKeys'),
  };
}

/** Whether STS takes the name. */
export function isSessionName(name: string): boolean {
  return rules.sessionName.pattern.test(name);
}

function checkSetting(
  setting: keyof typeof rules,
  written: SettingReader,
  value = written.text(setting),
): string | undefined {
  const { pattern, problem, hint } = rules[setting];
  if (value === undefined || pattern.test(value)) return value;
  throw written.refuse(setting, problem, hint);
}

function readMfa(written: SettingReader): Mfa | undefined {
  const serial = checkSetting('mfaSerial', written);
  const shown = written.secret('mfaCode');
  const code = shown === undefined ? undefined : checkSetting('mfaCode', written, shown);
  if (serial !== undefined && code !== undefined) return { serial, code };
  if (serial === undefined && code === undefined) return undefined;
  const lacking = serial === undefined ? 'mfaSerial' : 'mfaCode';
  throw written.refuse(lacking, 'is missing, while its counterpart is given.', 'Give both, or neither.');
}

function refusal(refuse: SettingReader['refuse'], setting: HopSettingName): Refuse {
  return (problem, hint) => refuse(setting, problem, hint);
}
