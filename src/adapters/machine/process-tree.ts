import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ends a process and all that descends from it, as far as the system tells what does. */
export function endTree(pid: number): void {
  if (process.platform === 'win32') {
    quietly(() => execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', timeout: 5000 }));
    return;
  }
  for (const each of [pid, ...descendants(pid, parents())]) quietly(() => process.kill(each, 'SIGKILL'));
}

function descendants(pid: number, links: readonly Link[]): readonly number[] {
  const children = links.filter(({ parent }) => parent === pid);
  const others = links.filter(({ parent }) => parent !== pid);
  return children.flatMap((child) => [child.pid, ...descendants(child.pid, others)]);
}

interface Link {
  readonly pid: number;
  readonly parent: number;
}

/** Every process and its parent. Linux keeps them in files, which are there in containers too, where `ps` is often not. */
function parents(): readonly Link[] {
  const listed = process.platform === 'linux' ? fromProc() : [];
  return listed.length > 0 ? listed : fromPs();
}

function fromProc(): readonly Link[] {
  const names = quietly(() => readdirSync('/proc')) ?? [];
  return names.flatMap((name) => {
    const status = /^\d+$/.test(name) ? quietly(() => readFileSync(`/proc/${name}/stat`, 'utf8')) : undefined;
    // The name of the program stands in parentheses, and may hold some itself: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const parent = /^.*\) \S (\d+)/s.exec(status ?? '')?.[1];
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
  });
}

function fromPs(): readonly Link[] {
  const list = () =>
    execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
  const table = quietly(list) ?? '';
  return [...table.matchAll(/^ *(\d+) +(\d+) *$/gm)].map(([, pid, parent]) => ({
    pid: Number(pid),
    parent: Number(parent),
  }));
}

/** A process may be gone before it is looked at. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
