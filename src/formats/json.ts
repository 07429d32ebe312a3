/** What the text says; undefined where it is no JSON, for the parser's own words would quote a text that may be secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
