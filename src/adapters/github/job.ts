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

/** A line of the log; what others have said in it gives the runner no command, even where it has lines of its own. */
function writeLines(line: string): void {
  info(line.replace(/(^|[\r\n])([^\S\r\n]*)(?=::)/g, '$1$2| ').replaceAll('##[', '## ['));
}

/** The job on a GitHub runner, or on act. */
export function createJob(env: Env): Job {
  // act shows an annotation as it stands on the wire, with %0A for a line's end: there, all but its first line goes after it.
  function annotate(by: (message: string) => void, message: string): void {
    const [first = '', ...rest] = env.ACT === 'true' ? message.split('\n') : [message];
    by(first);
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
