import { WireError } from '../http/wire-error.ts';
import { members } from './form.ts';

/** What STS allows in one parameter. */
interface Field {
  readonly name: string;
  readonly required?: true;
  readonly length?: readonly [number, number];
  /** As STS words it; it must hold for the whole value. */
  readonly pattern?: string;
  readonly unicode?: true;
  readonly range?: readonly [number, number];
  /** Is not repeated in the answer. */
  readonly secret?: true;
}

const policyText = '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+';
const tagText = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';

const shared: readonly Field[] = [
  { name: 'RoleArn', required: true, length: [20, 2048] },
  { name: 'RoleSessionName', required: true, length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { name: 'DurationSeconds', range: [900, 43_200] },
];

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const webIdentityFields: readonly Field[] = [
  ...shared,
  { name: 'WebIdentityToken', required: true, length: [4, 20_000], secret: true },
  { name: 'ProviderId', length: [4, 2048] },
  { name: 'Policy', length: [1, 2048], pattern: policyText },
];

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleFields: readonly Field[] = [
  ...shared,
  { name: 'Policy', length: [1, 2048], pattern: policyText },
  { name: 'ExternalId', length: [2, 1224], pattern: '[\\w+=,.@:\\/-]*' },
  { name: 'SourceIdentity', length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { name: 'SerialNumber', length: [9, 256], pattern: '[\\w+=/:,.@-]*' },
  { name: 'TokenCode', length: [6, 6], pattern: '[\\d]*', secret: true },
];

const tagKey: Field = { name: 'key', required: true, length: [1, 128], pattern: `${tagText}+`, unicode: true };
const tagValue: Field = { name: 'value', required: true, length: [0, 256], pattern: `${tagText}*`, unicode: true };

function wire(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** What is wrong with one value, as STS says it. */
function complaints(field: Field, at: string, value: string | undefined): readonly string[] {
  if (value === undefined) {
    return field.required ? [`Value null at '${at}' failed to satisfy constraint: Member must not be null`] : [];
  }
  const shown = field.secret ? 'Value' : `Value '${value}'`;
  const [shortest, longest] = field.length ?? [0, Number.POSITIVE_INFINITY];
  const [least, most] = field.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const number = field.range ? Number(value) : 0;
  const constraints: readonly (readonly [boolean, string])[] = [
    [value.length >= shortest, `have length greater than or equal to ${shortest}`],
    [value.length <= longest, `have length less than or equal to ${longest}`],
    [
      field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, field.unicode ? 'u' : '').test(value),
      `satisfy regular expression pattern: ${field.pattern}`,
    ],
    [number >= least, `have value greater than or equal to ${least}`],
    [number <= most, `have value less than or equal to ${most}`],
  ];
  return constraints
    .filter(([satisfied]) => !satisfied)
    .map(([, constraint]) => `${shown} at '${at}' failed to satisfy constraint: Member must ${constraint}`);
}

function tooMany(form: URLSearchParams, name: string, most: number): readonly string[] {
  const count = members(form, name).length;
  if (count <= most) return [];
  return [
    `Value at '${wire(name)}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  ];
}

/** Throws STS's ValidationError if a parameter is not as `fields`, or a list or one of its members not as the service wants it. */
export function checkFields(form: URLSearchParams, fields: readonly Field[]): void {
  const duration = form.get('DurationSeconds');
  if (duration !== null && !/^-?\d+$/.test(duration)) {
    throw new WireError(400, 'MalformedInput', 'Start of structure or map found where not expected.');
  }
  const found = [
    ...fields.flatMap((field) => complaints(field, wire(field.name), form.get(field.name) ?? undefined)),
    ...members(form, 'Tags').flatMap((tag, index) => [
      ...complaints(tagKey, `tags.${index + 1}.member.key`, tag.get('Key')),
      ...complaints(tagValue, `tags.${index + 1}.member.value`, tag.get('Value')),
    ]),
    ...members(form, 'PolicyArns').flatMap((policy, index) =>
      complaints({ name: 'arn', length: [20, 2048] }, `policyArns.${index + 1}.member.arn`, policy.get('arn')),
    ),
    ...tooMany(form, 'Tags', 50),
    ...tooMany(form, 'TransitiveTagKeys', 50),
    ...tooMany(form, 'PolicyArns', 10),
  ];
  if (found.length === 0) return;
  const count = `${found.length} validation error${found.length === 1 ? '' : 's'} detected`;
  throw new WireError(400, 'ValidationError', `${count}: ${found.join('; ')}`);
}
