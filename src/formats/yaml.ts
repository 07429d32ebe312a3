import { parseDocument } from 'yaml';

/** Reads YAML, every scalar as text, so that an account id keeps its zeros. Throws without quoting the text. */
export function readYaml(text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`neither JSON nor YAML (line ${error.linePos?.[0].line ?? 1})`);
  return document.toJS({ maxAliasCount: 0 });
}
