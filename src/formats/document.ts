/** What a text holds that is JSON or YAML. Throws without quoting the text. */
export async function readDocument(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Loaded for a text that needs it, and by way of a file of ours: in a bundle the package itself has no named exports.
    const { readYaml } = await import('./yaml.ts');
    return readYaml(text);
  }
}
