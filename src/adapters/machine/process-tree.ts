import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Kills a process and its descendants, as far as the system lists them. */
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

/** Every process and its parent. Linux has /proc also in containers, which often have no `ps`. */
function parents(): readonly Link[] {
  const links = process.platform === 'linux' ? fromProc() : [];
  return links.length > 0 ? links : fromPs();
}

function fromProc(): readonly Link[] {
  const names = quietly(() => readdirSync('/proc')) ?? [];
  return names.flatMap((name) => {
    const status = /^\d+$/.test(name) ? quietly(() => readFileSync(`/proc/${name}/stat`, 'utf8')) : undefined;
    // The program's name is in parentheses and may contain some: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
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

/** A process may exit before it is read. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
