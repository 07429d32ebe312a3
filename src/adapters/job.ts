import {
  debug,
  exportVariable,
  getState,
  info,
  saveState,
  setFailed,
  setOutput,
  setSecret,
  warning,
} from '@actions/core';
import type { Env, Job } from '../ports.ts';

/** The job on a GitHub runner, or on act. */
export function createJob(env: Env): Job {
  return {
    mask: (value) => {
      if (value !== '') setSecret(value);
    },
    info,
    warn: (message) => warning(message),
    debug,
    fail: (message) => {
      // act shows an annotation as it stands on the wire, with %0A for a line's end: there, all but its first line goes after it.
      const [first = '', ...rest] = env.ACT === 'true' ? message.split('\n') : [message];
      setFailed(first);
      for (const line of rest) info(line);
    },
    output: setOutput,
    exportVariable,
    saveState,
    state: getState,
  };
}
