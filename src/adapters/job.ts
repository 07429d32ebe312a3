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
import type { Job } from '../ports.ts';

/** The job on a GitHub runner, or on act. */
export function createJob(): Job {
  return {
    mask: (value) => {
      if (value !== '') setSecret(value);
    },
    info,
    warn: (message) => warning(message),
    debug,
    fail: (message) => setFailed(message),
    output: setOutput,
    exportVariable,
    saveState,
    state: getState,
  };
}
