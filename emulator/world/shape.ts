/** What came out of YAML or JSON and is not yet trusted to be anything more than a mapping. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mapping at `where`; throws, naming the place, if something else does. */
export function mapping(value: unknown, where: string): Mapping {
  if (!isMapping(value)) throw new TypeError(`${where} must be a mapping.`);
  return value;
}

/** The entries of the mapping at `where`; none if nothing does. */
export function entries(value: unknown, where: string): readonly (readonly [string, unknown])[] {
  return value === undefined || value === null ? [] : Object.entries(mapping(value, where));
}

/** The text at `where`. */
export function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${where} must be text.`);
  return value;
}

/** The whole number at `where`. */
export function whole(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`${where} must be a whole number.`);
  }
  return value;
}

/** The texts that stand at `where`; policies may write a list of one as the one. Numbers and booleans count, as they do in IAM. */
export function texts(value: unknown, where: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new TypeError(`${where} must be text or a list of texts.`);
  });
}
