/** Why a text is not a command line: a clause that does not quote the text. */
export class NotACommand extends Error {}

/** The quoting rules of a command line: of a POSIX shell or of Windows programs. */
export type Quoting = 'posix' | 'windows';

/** In characters; the limit of Windows. */
const lengthLimit = 32_767;

/**
 * The words of a command line, the program first. Split as by the AWS CLI; variables and `~` are not expanded. Throws
 * NotACommand. https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
 */
export function splitCommand(text: string, quoting: Quoting): readonly [program: string, ...words: string[]] {
  if (text.length > lengthLimit) throw new NotACommand(`is longer than ${lengthLimit} characters`);
  if (text.includes('\0')) throw new NotACommand('contains a NUL character');
  const [program, ...words] = quoting === 'posix' ? posixWords(text) : windowsWords(text);
  if (!program) throw new NotACommand('has no program');
  return [program, ...words];
}

const posixPart = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^ \t\r\n\\'"]+)|[ \t\r\n]+/y;

/**
 * Whether a command contains a space before `#` or `;` outside quotes, which other tools read as a comment. Commands
 * longer than splitCommand accepts are not checked.
 */
export function hasComment(text: string, quoting: Quoting): boolean {
  if (text.length > lengthLimit) return false;
  if (quoting === 'posix') return [...text.matchAll(posixComment)].some(([, sign]) => sign !== undefined);
  let quoted = false;
  return [...text.matchAll(/(\\*)"|\\+|(?:^|\s)([#;])/g)].some(([, slashes, sign]) => {
    if (slashes !== undefined && slashes.length % 2 === 0) quoted = !quoted;
    return sign !== undefined && !quoted;
  });
}

const posixComment = /\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|(?:^|\s)([#;])/g;

/** The words of a text, as `shlex` of Python splits them in its POSIX mode; undefined if a quote is not closed. https://docs.python.org/3/library/shlex.html#parsing-rules */
export function shellWords(text: string): readonly string[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; at = posixPart.lastIndex) {
    posixPart.lastIndex = at;
    const match = posixPart.exec(text);
    if (match === null) return undefined;
    const [, escaped, single, double, bare] = match;
    parts.push(escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? bare);
  }
  return join(parts);
}

function posixWords(text: string): readonly string[] {
  const words = shellWords(text);
  if (words !== undefined) return words;
  throw new NotACommand(shellWords(`${text}\\`) === undefined ? unclosed : 'ends in a backslash');
}

/** Backslashes are literal except before a double quote, and a line break separates words: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments */
function windowsWords(text: string): readonly string[] {
  let quoted = false;
  const parts = [...text.matchAll(/(\\*)"|[ \t\r\n]+|\\+|[^\\" \t\r\n]+/g)].map(([part, slashes]): Part => {
    if (slashes === undefined) return quoted || !/^[ \t\r\n]/.test(part) ? part : undefined;
    const literal = slashes.length % 2 === 1;
    if (!literal) quoted = !quoted;
    return '\\'.repeat(Math.floor(slashes.length / 2)) + (literal ? '"' : '');
  });
  if (quoted) throw new NotACommand(unclosed);
  return join(parts);
}

/** A piece of a word, which may be empty if quoted; undefined separates words. */
type Part = string | undefined;

function join(parts: readonly Part[]): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const part of [...parts, undefined]) {
    if (part !== undefined) word = (word ?? '') + part;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return words;
}

const unclosed = 'has a quote that is not closed';
