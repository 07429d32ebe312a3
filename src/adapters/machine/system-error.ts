/** The code of a system error, such as ENOENT; empty for other errors. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** An error in the form of a system error, with one of its codes. */
export function refusal(code: 'ELOOP' | 'EISDIR' | 'ENOTDIR' | 'EFBIG' | 'EILSEQ' | 'EPERM' | 'EBUSY', reason: string) {
  return Object.assign(new Error(reason), { code });
}
