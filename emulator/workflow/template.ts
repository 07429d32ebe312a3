import { evaluate, type Scope } from './expression.ts';
import { holdsTrue, isList, isMap, type Texts, textOf, type Value, type ValueMap } from './value.ts';

const placeholder = /\$\{\{([\s\S]*?)\}\}/g;

/** The text with each `${{ … }}` in it replaced by what it comes to. */
export function fillText(text: string, scope: Scope): string {
  return text.replace(placeholder, (_whole, source: string) => textOf(evaluate(source, scope)));
}

/** A value with all text in it filled in; a text that is one expression becomes what that comes to, of any type. */
export function fill(value: Value, scope: Scope): Value {
  if (typeof value === 'string') {
    const [, source] = /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(value) ?? [];
    return source === undefined ? fillText(value, scope) : evaluate(source, scope);
  }
  if (isList(value)) return value.map((element) => fill(element, scope));
  if (isMap(value)) return fillMap(value, scope);
  return value;
}

export function fillMap(map: ValueMap, scope: Scope): ValueMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fill(value, scope)]));
}

/** For variables, inputs and outputs, which hold text only. */
export function fillTexts(map: ValueMap, scope: Scope): Texts {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, textOf(fill(value, scope))]));
}

/** Whether an `if:` holds: without a status function, only while all went well. */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  if (condition === undefined) return scope.status === 'success';
  const text = textOf(condition);
  const source = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(text)?.[1] ?? text;
  const asked = /\b(always|success|failure|cancelled)\s*\(/.test(source);
  return (asked || scope.status === 'success') && holdsTrue(evaluate(source, scope));
}
