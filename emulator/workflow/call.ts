import { mapOf } from './document.ts';
import { isMap, type Texts, type Value, type ValueMap } from './value.ts';

/** The inputs of a called workflow: given, or by their defaults. */
export function callInputs(declared: ValueMap, given: ValueMap): ValueMap {
  checkDeclared('input', declared, given);
  return Object.fromEntries(
    Object.entries(declared).map(([name, input]) => {
      const { default: fallback, required, type } = mapOf(name, input);
      const value = given[name] ?? fallback;
      if (value === undefined && required === true) throw new Error(`the called workflow needs the input "${name}"`);
      if (typeof type !== 'string') throw new Error(`the input "${name}" of the called workflow has no type`);
      return [name, value ?? (type === 'string' ? '' : null)];
    }),
  );
}

/** The secrets of a called workflow: those that it is given, and no other. */
export function callSecrets(declared: ValueMap, given: Texts): Texts {
  checkDeclared('secret', declared, given);
  const missing = Object.entries(declared).find(
    ([name, secret]) => isMap(secret) && secret.required === true && given[name] === undefined,
  );
  if (missing !== undefined) throw new Error(`the called workflow needs the secret "${missing[0]}"`);
  return given;
}

function checkDeclared(kind: string, declared: ValueMap, given: ValueMap): void {
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) throw new Error(`the called workflow has no ${kind} "${unknown}"`);
}

/** Whether a job may mint ID tokens; a called workflow's job never more than its caller may. */
export function mayMint(
  job: string,
  permissions: Value | undefined,
  caller: { readonly prefix: string; readonly mayMintIdTokens: boolean },
): boolean {
  if (permissions === undefined) return caller.prefix !== '' && caller.mayMintIdTokens;
  const wanted = permissions === 'write-all' || (isMap(permissions) && permissions['id-token'] === 'write');
  if (wanted && !caller.mayMintIdTokens) {
    throw new Error(`job ${job} asks for "id-token: write", which the job that calls the workflow does not have`);
  }
  return wanted;
}
