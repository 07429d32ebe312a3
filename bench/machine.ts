import { arch, cpus, platform, release } from 'node:os';

/** Where and when a bench ran. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  /** The day, such as 2026-11-28, in UTC. */
  readonly date: string;
}

/** This machine, today. */
export function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}
