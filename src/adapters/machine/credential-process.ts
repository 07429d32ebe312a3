import { stripVTControlCharacters } from 'node:util';
import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { CredentialProcess, Env } from '../../contract/ports.ts';
import { NotACommand, splitCommand } from '../../formats/command-line.ts';
import { keysIn, NotProcessOutput, type ProcessOutput, parseProcessOutput } from '../../formats/process-output.ts';
import { redact, secretValues, secretWords } from '../../formats/redact.ts';
import { type Ending, type Run, runProgram } from './run-program.ts';

/** What running a credential process takes besides the command. */
export interface ProcessContext {
  mask(secret: string): void;
  now(): number;
  /** Milliseconds that the command may take; a minute where it is not said. */
  readonly timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 60_000;
const prints =
  'It must print {"Version": 1, "AccessKeyId": …, "SecretAccessKey": …, "SessionToken": …, "Expiration": …} and nothing else on stdout.';

/** Runs a credential process, as the AWS CLI would, and reads what it prints. Throws CredentialError, which quotes neither the command nor its stdout. */
export async function runCredentialProcess(
  { command, origin, env }: CredentialProcess,
  { mask, now, timeoutMs = defaultTimeoutMs }: ProcessContext,
): Promise<Retrieved> {
  const [path, ...args] = wordsOf(command, origin);
  const run = await runProgram({ path, args, env: environmentFor(env), timeoutMs });
  for (const key of keysIn(run.stdout)) mask(key);
  const problem = problemOf(run.ending, timeoutMs);
  if (problem !== undefined) throw failed(problem);
  const { credentials, account } = outputOf(run.stdout);
  const { expiration } = credentials;
  if (expiration !== undefined && expiration.getTime() <= now()) {
    const message = `${origin}: the command printed credentials that ended at ${expiration.toISOString()}`;
    throw new CredentialError('TOKEN_EXPIRED', message, {
      hint: 'Let the command get new ones: it may keep old ones in a cache, or need a login first.',
    });
  }
  return { credentials, identity: account === undefined ? undefined : { account } };

  function failed({ code, clause, hint }: Problem): CredentialError {
    const said = stderrIn(run, [...secretValues(env), ...secretWords(args)]);
    const tail = said === '' ? '' : `, and said on stderr:\n${said}`;
    return new CredentialError(code, `${origin}: the command ${clause}${tail}`, { hint });
  }

  function outputOf(stdout: string): ProcessOutput {
    try {
      return parseProcessOutput(stdout);
    } catch (error) {
      if (!(error instanceof NotProcessOutput)) throw error;
      throw failed({ code: 'TOKEN_UNREADABLE', clause: `succeeded, but its output ${error.message}`, hint: prints });
    }
  }
}

function wordsOf(command: string, origin: string): ReturnType<typeof splitCommand> {
  try {
    return splitCommand(command, process.platform === 'win32' ? 'windows' : 'posix');
  } catch (error) {
    if (!(error instanceof NotACommand)) throw error;
    throw new CredentialError('INPUT_INVALID', `${origin} ${error.message}.`, {
      hint: 'Write the program and its arguments, with double quotes around one that holds a blank; no shell reads it, so no variable, pipe or ~ is expanded.',
    });
  }
}

/** What is the step's own: its inputs and state, the files by which it speaks to the runner, the runner's token for actions. */
const own = /^(INPUT_.*|STATE_.*|GITHUB_(ENV|OUTPUT|PATH|STATE)|ACTIONS_RUNTIME_TOKEN)$/i;

/** The job's environment as a `run:` step has it; a variable of AWS that is empty counts as absent here as everywhere, though not for AWS's own tools. */
function environmentFor(env: Env): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || own.test(name) || (value === '' && name.startsWith('AWS_')) ? [] : [[name, value]],
    ),
  );
}

interface Problem {
  readonly code: 'INPUT_INVALID' | 'TOKEN_UNREADABLE' | 'TIMED_OUT';
  /** Follows "the command". */
  readonly clause: string;
  readonly hint: string;
}

const runByHandHint = 'Run the command by hand where this step runs, in the same environment, and mend what it says.';

function problemOf(ending: Ending, timeoutMs: number): Problem | undefined {
  switch (ending.kind) {
    case 'exited':
      return ending.code === 0
        ? undefined
        : { code: 'TOKEN_UNREADABLE', clause: `ended with exit code ${ending.code}`, hint: runByHandHint };
    case 'killed':
      return { code: 'TOKEN_UNREADABLE', clause: `was killed (${ending.signal})`, hint: runByHandHint };
    case 'not found':
      return {
        code: 'INPUT_INVALID',
        clause: 'was not found, or may not be executed',
        hint: 'Install it in a step before this one, make it executable, and write its whole path; no variable and no ~ is expanded.',
      };
    case 'not started':
      return {
        code: 'INPUT_INVALID',
        clause: `could not be started${ending.code === '' ? '' : ` (${ending.code})`}`,
        hint: 'Check that it is a program for this machine, and that the interpreter in its first line is there.',
      };
    case 'too slow':
      return {
        code: 'TIMED_OUT',
        clause: `did not end within ${timeoutMs / 1000} s and was killed`,
        hint: 'It must not wait for anyone: there is no terminal and no browser here. Log in before this step.',
      };
    case 'too long':
      return { code: 'TOKEN_UNREADABLE', clause: 'printed more than 1 MiB and was killed', hint: prints };
  }
}

/** Characters of stderr that an error shows. */
const shown = 1000;

const fieldNames = /^(Version|AccessKeyId|SecretAccessKey|SessionToken|Expiration|AccountId)$/;

/** The end of what the command said on stderr, with no secret in it that can be known or guessed. */
function stderrIn({ stdout, stderr }: Run, secrets: readonly string[]): string {
  const printed = stdout.split(/[\s"',:{}]+/).filter((word) => word.length >= 8 && !fieldNames.test(word));
  // First what cannot be seen, or a secret that holds it would not be known for one, and stand there whole without it.
  const visible = stripVTControlCharacters(stderr).replace(/[^\P{Cc}\n\t]/gu, '');
  const lines = redact(visible, [...secrets, ...keysIn(stdout), ...printed]).trim();
  return lines.length > shown ? `… ${lines.slice(-shown).trimStart()}` : lines;
}
