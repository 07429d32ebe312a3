import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = readFileSync(fileURLToPath(new URL('../../../docs/setup.md', import.meta.url)), 'utf8');

/** The page's part below a heading of the third rank or a higher one, up to the next heading. */
export function sectionOf(heading: string): string {
  const [, after] = page.split(new RegExp(`^#{2,3} ${heading.replaceAll('.', '\\.')}$`, 'm'));
  if (after === undefined) throw new Error(`docs/setup.md has no section "${heading}"`);
  return after.split(/^#{2,3} /m)[0] ?? '';
}

/** The code blocks of one language in a section, the first one first. */
export const blocksOf = (heading: string, language: string): readonly string[] =>
  [...sectionOf(heading).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );

/** The first block of a language in a section; throws if there is none. */
export function blockOf(heading: string, language: string): string {
  const [block] = blocksOf(heading, language);
  if (block === undefined) throw new Error(`"${heading}" of docs/setup.md has no block of ${language}`);
  return block;
}

/** The trust policy that all four ways come to, and the permissions. */
export const trust: unknown = JSON.parse(blockOf('A branch', 'json'));
export const permissions: unknown = JSON.parse(blockOf('By the AWS CLI', 'json'));
