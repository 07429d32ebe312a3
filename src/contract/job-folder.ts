/** A folder that one step made for the rest of its job, by which later steps get their credentials. */
export interface JobFolder {
  /** The text of a file of it; undefined if there is none. Throws what the file system says. */
  read(name: string): string | undefined;
  /** Replaces a file by rename, whole or not at all. Never makes the folder; throws what the file system says. */
  replace(name: string, text: string): void;
  /** Adds to a file of it that exists. */
  append(name: string, text: string): void;
  /** Waits for a lock of this name; see HeldLock. Throws EBUSY once the time is over, and what the file system says. */
  lock(name: string, waiting: Waiting): Promise<HeldLock | undefined>;
}

/** How long a lock is waited for. */
export interface Waiting {
  /** Milliseconds; with 0 nobody waits. */
  readonly timeoutMs: number;
  /** Asked at every look: once it is true there is nothing left to wait for, and no lock is taken. */
  readonly isSettled: () => boolean;
}

/** A lock that is held over asynchronous work: it is touched every second, and another takes it over after five seconds without. */
export interface HeldLock {
  /** Throws EBUSY if another has taken it over, which happens to a holder that was suspended. */
  check(): void;
  release(): void;
}

/** Makes and removes such folders. */
export interface JobFolders {
  /** The folders in which one may be made, the best first, and whether it is RUNNER_TEMP. */
  parents(): readonly { readonly path: string; readonly isRunnerTemp: boolean }[];
  /** The names of the files that `copyCode` makes. */
  codeFiles(): readonly string[];
  /** Makes the folder, for its owner alone. Throws EEXIST if there is one already, ELOOP for a symbolic link. */
  make(path: string): void;
  /** Writes a new file into a folder that `make` made, for its owner alone. */
  write(path: string, text: string, use: 'data' | 'program'): void;
  /** Copies the code that renews into a new folder below. */
  copyCode(path: string): void;
  /** The absolute path of the Node that runs this process. */
  readonly node: string;
  readonly shell: 'sh' | 'cmd';
}
