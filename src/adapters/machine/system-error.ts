/** Such as ENOENT; empty where it is no error of the system. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What is refused here, in the words of the system: with the code that it has for such a thing. */
export function refusal(code: 'ELOOP' | 'EISDIR' | 'ENOTDIR' | 'EFBIG' | 'EILSEQ' | 'EPERM' | 'EBUSY', reason: string) {
  return Object.assign(new Error(reason), { code });
}
