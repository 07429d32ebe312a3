import { type FileKind, type HeaderSubject, headerFor, meantBy, subjectOf } from './profile-header.ts';

/** A line of a shared file that makes sections unreadable, and which ones. */
export interface Problem {
  readonly file: FileKind;
  readonly line: number;
  /** A clause about the line, which never quotes a value. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
  /** The sections that it makes unreadable. Never shown: a name among them may be a line's own text. */
  readonly touches: readonly HeaderSubject[];
}

/** Finds what a line makes unreadable, beyond the section that it is in. */
export interface Doubt {
  readonly line: number;
  readonly reason: string;
  readonly hint: string;
  /** The text of a header that the line may have begun. */
  readonly begun?: string | undefined;
}

/** The problem that a doubt about a line of this section is. */
export function problemOf({ begun, ...doubt }: Doubt, file: FileKind, within: HeaderSubject | undefined): Problem {
  const sections = begun === undefined ? [] : begunBy(begun, file);
  return { file, ...doubt, touches: within === undefined ? sections : [within, ...sections] };
}

/** The problem of a line before the first header. Keys there may be the default profile's. */
export function problemAhead(line: number, content: string, file: FileKind): Problem {
  const reason = 'is before the first header, so it is unclear which profile it belongs to';
  const begun = /[=:]/.test(content) && !/^\[|\]$/.test(content) ? [] : begunBy(content, file);
  const touches: readonly HeaderSubject[] = begun.length > 0 ? begun : [{ kind: 'profile', name: 'default' }];
  return { file, line, reason, hint: 'Write the header of its section before it, or remove it.', touches };
}

/** A doubt about a line that should have been a header. */
export function unclosedHeader(line: number, content: string, file: FileKind): Doubt {
  const [meant] = begunBy(content, file);
  const header = meant === undefined ? undefined : headerFor(meant, file);
  const hint = header === undefined ? 'Close the bracket, or remove the line.' : `Write [${header}].`;
  return { line, reason: 'begins a header and has no closing bracket', hint, begun: content };
}

/** Why a profile is refused: the message names the file and the line, and never quotes a value. */
export function explainProblem(name: string, { file, line, reason, hint }: Problem, paths: Paths) {
  return { message: `Profile ${name} in ${paths[file]}: line ${line} ${reason}`, hint };
}

/** The warning that keys of `[DEFAULT]` sections are ignored; undefined if there are none. */
export function warnOfDealt(places: readonly Pick<Problem, 'file' | 'line'>[], paths: Paths): string | undefined {
  if (places.length === 0) return undefined;
  const lines = places.map(({ file, line }) => `line ${line} of ${paths[file]}`).join(' and ');
  return `[DEFAULT] in ${lines} is ignored: boto3 and the AWS CLI give its keys to every profile of the file, other tools to none. Write them into the profiles that need them, or write [default].`;
}

type Paths = Readonly<Record<FileKind, string>>;

/** The sections that a line which is not a header may be meant to begin. */
function begunBy(content: string, file: FileKind): readonly HeaderSubject[] {
  const open = content.startsWith('[') ? content.slice(1) : content;
  const close = open.lastIndexOf(']');
  const header = (close < 0 ? open : open.slice(0, close)).trim();
  return [subjectOf(header, file), meantBy(header, file)].flatMap((subject) => subject ?? []);
}
