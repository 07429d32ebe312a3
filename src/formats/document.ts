/** What a text holds that is JSON or YAML; in YAML every scalar is text, so that an account id keeps its zeros. Throws without quoting the text. */
export async function readDocument(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return readYaml(text);
  }
}

async function readYaml(text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`neither JSON nor YAML (line ${error.linePos?.[0].line ?? 1})`);
  return document.toJS({ maxAliasCount: 0 });
}
