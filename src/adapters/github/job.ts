import {
  debug,
  endGroup,
  exportVariable,
  getState,
  info,
  saveState,
  setFailed,
  setOutput,
  setSecret,
  startGroup,
  warning,
} from '@actions/core';
import type { Env, Job } from '../../contract/ports.ts';
import { appendText } from '../machine/files.ts';

/** Writes to the log; text from elsewhere cannot issue workflow commands, even on several lines. */
function writeLines(line: string): void {
  info(line.replace(/(^|[\r\n])([^\S\r\n]*)(?=::)/g, '$1$2| ').replaceAll('##[', '## ['));
}

/** The job on a GitHub runner, or on act. */
export function createJob(env: Env): Job {
  // act shows %0A in annotations instead of line breaks: there, log all lines but the first.
  function annotate(write: (message: string) => void, message: string): void {
    const [first = '', ...rest] = env.ACT === 'true' ? message.split('\n') : [message];
    write(first);
    for (const line of rest) writeLines(line);
  }
  return {
    mask: (value) => {
      if (value !== '') setSecret(value);
    },
    info: writeLines,
    group(title, lines) {
      startGroup(title);
      for (const line of lines) writeLines(line);
      endGroup();
    },
    warn: (message) => annotate(warning, message),
    debug,
    fail: (message) => annotate(setFailed, message),
    output: setOutput,
    exportVariable,
    saveState,
    state: getState,
    summarize(markdown) {
      if (env.GITHUB_STEP_SUMMARY) appendText(env.GITHUB_STEP_SUMMARY, markdown);
    },
  };
}
