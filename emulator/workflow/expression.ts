import type { Result } from './outcome.ts';
import { holdsTrue, isList, isMap, same, textOf, type Value, type ValueMap } from './value.ts';

/** What an expression is evaluated in: contexts by name, and the state of the job. */
export interface Scope {
  readonly contexts: Readonly<Record<string, ValueMap>>;
  readonly status: Result;
}

const token = /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(==|!=|&&|\|\||[!()[\],.]))/y;

/** Contexts in which a name that is not there is a mistake, and not merely empty. */
const declared: readonly string[] = ['needs', 'steps', 'jobs'];

const functions: Readonly<Record<string, (scope: Scope, parameters: readonly Value[]) => Value>> = {
  always: () => true,
  success: ({ status }) => status === 'success',
  failure: ({ status }) => status === 'failure',
  cancelled: ({ status }) => status === 'cancelled',
  contains: (_scope, [whole = '', part = '']) =>
    isList(whole) ? whole.some((value) => same(value, part)) : lower(whole).includes(lower(part)),
  startsWith: (_scope, [whole = '', part = '']) => lower(whole).startsWith(lower(part)),
  endsWith: (_scope, [whole = '', part = '']) => lower(whole).endsWith(lower(part)),
  format: (_scope, [form = '', ...parts]) =>
    textOf(form).replace(/\{(\d+)\}/g, (_whole, index) => textOf(parts[Number(index)] ?? '')),
  toJSON: (_scope, [value = null]) => JSON.stringify(value, undefined, 2),
  fromJSON: (_scope, [text = '']) => JSON.parse(textOf(text)),
};

const lower = (value: Value): string => textOf(value).toLowerCase();

function tokensOf(source: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (source.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (match === null)
      throw new Error(`expression "${source}": the workflow runner does not know "${source.slice(at)}"`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** Evaluates what is between `${{` and `}}`. Throws on what it does not know. */
export function evaluate(source: string, scope: Scope): Value {
  const tokens = [...tokensOf(source)];
  const unknown = (what: string) => new Error(`expression "${source}": the workflow runner does not know ${what}`);
  const accept = (text: string): boolean => {
    if (tokens[0] !== text) return false;
    tokens.shift();
    return true;
  };
  const expect = (text: string): void => {
    if (!accept(text)) throw unknown(`"${tokens[0] ?? 'its end'}" where "${text}" should be`);
  };

  function either(): Value {
    let value = both();
    while (accept('||')) {
      const right = both();
      value = holdsTrue(value) ? value : right;
    }
    return value;
  }

  function both(): Value {
    let value = equality();
    while (accept('&&')) {
      const right = equality();
      value = holdsTrue(value) ? right : value;
    }
    return value;
  }

  function equality(): Value {
    let value = unary();
    for (;;) {
      if (accept('==')) value = same(value, unary());
      else if (accept('!=')) value = !same(value, unary());
      else return value;
    }
  }

  function unary(): Value {
    if (accept('!')) return !holdsTrue(unary());
    if (!accept('(')) return primary();
    const value = either();
    expect(')');
    return value;
  }

  function primary(): Value {
    const word = tokens.shift();
    if (word === undefined) throw unknown('its end');
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(word)) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (accept('(')) return property('', call(word));
    const context = scope.contexts[word];
    if (context === undefined) throw unknown(`the context "${word}" here`);
    return property(word, context);
  }

  function call(name: string): Value {
    const parameters: Value[] = [];
    while (!accept(')')) {
      if (parameters.length > 0) expect(',');
      parameters.push(either());
    }
    const known = functions[name];
    if (known === undefined) throw unknown(`the function "${name}"`);
    return known(scope, parameters);
  }

  function property(path: string, value: Value): Value {
    const name = nextName();
    if (name === undefined) return value;
    const found = isMap(value) ? value[name] : isList(value) ? value[Number(name)] : undefined;
    if (found === undefined && declared.includes(path)) throw unknown(`${path}.${name}`);
    return property(`${path}.${name}`, found ?? null);
  }

  function nextName(): string | undefined {
    if (accept('.')) return tokens.shift();
    if (!accept('[')) return undefined;
    const name = textOf(either());
    expect(']');
    return name;
  }

  const value = either();
  if (tokens.length > 0) throw unknown(`"${tokens.join(' ')}"`);
  return value;
}
