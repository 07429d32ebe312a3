/** The JSON value of a text; undefined if it is not JSON, because the parser's message would quote a possible secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The members of a JSON object by name; undefined if the text is not JSON or not an object. Never quotes the text. */
export function parseJsonObject(text: string): ReadonlyMap<string, unknown> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : undefined;
}
