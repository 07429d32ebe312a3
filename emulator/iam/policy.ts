import { entries, mapping, text, texts } from '../world/shape.ts';
import { type Condition, readCondition } from './condition.ts';

/** A role's trust policy, read once and ready to be asked. */
export type Policy = readonly Statement[];

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

/** `*` means everyone, whatever their kind. */
export interface Principal {
  readonly kind: 'AWS' | 'Federated' | 'Service' | '*';
  readonly value: string;
}

function readPrincipals(value: unknown, where: string): readonly Principal[] {
  if (value === '*') return [{ kind: '*', value: '*' }];
  return entries(mapping(value, where), where).flatMap(([kind, values]) => {
    if (kind !== 'AWS' && kind !== 'Federated' && kind !== 'Service') {
      throw new TypeError(`${where} has ${kind}: the emulator knows AWS, Federated and Service.`);
    }
    return texts(values, `${where}.${kind}`).map((item): Principal => ({ kind, value: item }));
  });
}

function readStatement(value: unknown, where: string): Statement {
  const statement = mapping(value, where);
  const unknown = Object.keys(statement).find(
    (key) => !['Sid', 'Effect', 'Action', 'Principal', 'Condition'].includes(key),
  );
  if (unknown !== undefined) throw new TypeError(`${where} has ${unknown}, which the emulator does not evaluate.`);
  const effect = text(statement.Effect, `${where}.Effect`);
  if (effect !== 'Allow' && effect !== 'Deny') throw new TypeError(`${where}.Effect must be Allow or Deny.`);
  return {
    effect,
    actions: texts(statement.Action, `${where}.Action`),
    principals: readPrincipals(statement.Principal, `${where}.Principal`),
    conditions: entries(statement.Condition, `${where}.Condition`).flatMap(([operator, keys]) =>
      entries(keys, `${where}.Condition.${operator}`).map(([key, values]) =>
        readCondition(operator, key, texts(values, `${where}.Condition.${operator}.${key}`)),
      ),
    ),
  };
}

/** Reads a policy document; throws on what it does not know, as a policy half understood would let the wrong caller in. */
export function readPolicy(document: unknown, where: string): Policy {
  const statements = mapping(document, where).Statement;
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return list.map((statement, index) => readStatement(statement, `${where}.Statement[${index}]`));
}
