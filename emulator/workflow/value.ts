/** A value of a workflow: what YAML, JSON and expressions can hold. */
export type Value = string | number | boolean | null | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [name: string]: Value;
}

export type Texts = Readonly<Record<string, string>>;

export function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** As it is in a variable or an input; a list or a map has no such form. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (isList(value) || isMap(value)) throw new Error(`${JSON.stringify(value)} cannot stand where a text is needed`);
  return String(value);
}

export function holdsTrue(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

/** Text is compared without regard to case; where the types differ, both count as numbers. */
export function same(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  return numberOf(left) === numberOf(right);
}

function numberOf(value: Value): number {
  return isList(value) || isMap(value) ? Number.NaN : Number(value ?? 0);
}
