import { isList, isMap, same, type Value, type ValueMap } from './value.ts';

/** The legs of a `matrix:`: each combination of its lists, then what `include:` adds to them, or adds as further legs. */
export function legsOf(matrix: ValueMap): readonly ValueMap[] {
  const { include = [], exclude, ...lists } = matrix;
  if (exclude !== undefined) throw new Error('matrix: the workflow runner does not know "exclude"');
  if (!isList(include)) throw new Error('matrix: "include" is not a list');
  const combinations = Object.keys(lists).length === 0 ? [] : combine(Object.entries(lists));
  return include.reduce<readonly ValueMap[]>((legs, entry) => included(legs, entry, combinations), combinations);
}

function combine(lists: readonly (readonly [string, Value])[]): readonly ValueMap[] {
  const [first, ...rest] = lists;
  if (first === undefined) return [{}];
  const [name, values] = first;
  if (!isList(values)) throw new Error(`matrix: "${name}" is not a list`);
  const others = combine(rest);
  return values.flatMap((value) => others.map((leg) => ({ [name]: value, ...leg })));
}

/** An entry goes to every combination whose own values it does not change; where there is none it is a leg of its own. */
function included(legs: readonly ValueMap[], entry: Value, combinations: readonly ValueMap[]): readonly ValueMap[] {
  if (!isMap(entry)) throw new Error('matrix: "include" holds something that is not a map');
  const fits = legs.map((_leg, index) =>
    Object.entries(combinations[index] ?? { '': null }).every(
      ([name, value]) => combinations[index] !== undefined && (entry[name] === undefined || same(entry[name], value)),
    ),
  );
  return fits.includes(true) ? legs.map((leg, index) => (fits[index] ? { ...leg, ...entry } : leg)) : [...legs, entry];
}

/** What GitHub shows of a leg: `deploy (staging, eu-west-1)`. */
export function legName(job: string, leg: ValueMap): string {
  const words = Object.values(leg).flatMap((value) => (isList(value) || isMap(value) ? Object.values(value) : [value]));
  return words.length === 0 ? job : `${job} (${words.map(String).join(', ')})`;
}
