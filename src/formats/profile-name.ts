/** Names that mean something else to some AWS tool: Python's parser, the SDK for JavaScript. */
const reserved: readonly string[] = ['DEFAULT', '__proto__'];

/** Whether every AWS tool reads a profile of this name in the shared files. */
export function isProfileName(name: string): boolean {
  return /^(?![#;])[^\s[\]/\\"'\p{Cc}]+$/u.test(name) && !reserved.includes(name);
}

/** What a refusal of a name says. */
export const profileNameRule = {
  problem: 'is not the name of a profile that every AWS tool can read.',
  hint: 'Use letters, digits, - and _; blanks, brackets, slashes and quotes are refused, and so is DEFAULT in capitals.',
} as const;
