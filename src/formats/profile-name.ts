/** Names that mean something else to Python's parser, and to the SDK for JavaScript, which keeps profiles in a plain object. */
const reserved: readonly string[] = ['DEFAULT', ...Object.getOwnPropertyNames(Object.prototype)];

/** Whether every AWS tool reads a profile of this name in the shared files. */
export function isProfileName(name: string): boolean {
  return /^(?![#;])[^\s[\]/\\"'\p{Cc}]+$/u.test(name) && !reserved.includes(name);
}

/** What a refusal of a name says. */
export const profileNameRule = {
  problem: 'is not the name of a profile that every AWS tool can read.',
  hint: 'Use letters, digits, - and _; blanks, brackets, slashes and quotes are refused, and so are DEFAULT in capitals and words of JavaScript such as constructor.',
} as const;
