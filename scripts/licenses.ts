import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licenses of the packages that the bundled files come from, a text each once, in the order of their names. */
export function licensesOf(files: readonly string[], root: string): string {
  const packages = [
    ...new Set(files.flatMap((file) => /^(?:.*node_modules\/)(@[^/]+\/[^/]+|[^/@][^/]*)/.exec(file)?.[0] ?? [])),
  ];
  const texts = new Map<string, string[]>();
  for (const folder of packages.toSorted()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = licenseText(join(root, folder)) ?? String(license);
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...texts].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseText(folder: string): string | undefined {
  const name = existsSync(folder)
    ? readdirSync(folder).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file))
    : undefined;
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim();
}
