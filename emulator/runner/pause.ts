// Loaded into an action that a test wants to kill at a certain moment. After each write to a command file or to stdout,
// and before a file takes another's place or goes, the process waits until the runner, over descriptor 3, has
// looked and let it go on: no kill comes too late.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const channel = 3;
const { appendFileSync, renameSync, rmSync } = fs;
const files = new Set(['GITHUB_ENV', 'GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_PATH'].map((name) => process.env[name]));

function stand(): void {
  fs.writeSync(channel, '?');
  for (;;) {
    try {
      fs.readSync(channel, Buffer.alloc(1));
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

fs.appendFileSync = (path, content, options) => {
  appendFileSync(path, content, options);
  if (typeof path === 'string' && files.has(path)) stand();
};
fs.renameSync = (from, to) => {
  stand();
  renameSync(from, to);
};
fs.rmSync = (path, options) => {
  stand();
  rmSync(path, options);
};
syncBuiltinESMExports();

const { write } = process.stdout;
process.stdout.write = new Proxy(write, {
  apply(target, self, parameters) {
    const flushed: unknown = Reflect.apply(target, self, parameters);
    stand();
    return flushed;
  },
});
