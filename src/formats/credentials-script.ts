/** The kind of shell that runs the script. */
export type Shell = 'sh' | 'cmd';

/** Names of the files in the folder that the script lies in. */
export const folderFiles = { plan: 'plan.json', code: 'code', journal: 'journal' } as const;

/** The two files of a session: of the profile with this key, or of the job without a key. */
export function sessionFiles(key?: string): { readonly session: string; readonly until: string } {
  const suffix = key === undefined ? '' : `-${checkedKey(key)}`;
  return { session: `session${suffix}.json`, until: `until${suffix}` };
}

/** Ours, and so letters and digits only: no text of a user may enter the command line or a path. */
function checkedKey(key: string): string {
  if (/^[A-Za-z0-9]+$/.test(key)) return key;
  throw new Error('the key of a session is letters and digits');
}

/** What the script starts to renew a session. */
export interface RenewalProgram {
  /** The absolute path of Node. */
  readonly node: string;
  /** The entry, relative to the folder of the script, such as `code/main/index.js`. */
  readonly entry: string;
}

/** The first argument of the entry, before the folder and the key, which marks it as a renewal, not a step. */
export const renewalArgument = 'renew';

/** The program of `credential_process`: prints the session while it is fresh, and otherwise starts the renewal. */
export function credentialsScript(shell: Shell, program: RenewalProgram): string {
  return shell === 'sh' ? posixScript(program) : windowsScript(program);
}

/**
 * Reads with what the shell has, so that a fresh session costs three small processes and no Node. `until` holds the second
 * up to which it is served, the second in which it expires, and the same as text.
 */
function posixScript({ node, entry }: RenewalProgram): string {
  const { plan } = folderFiles;
  return `#!/bin/sh
# Prints the AWS credentials of this job, and renews them before they expire. Written by aws-credential-step.
d=\${0%/*}
s=$d/session\${1:+-$1}.json
u=0 e=0 t=
{ IFS= read -r u && IFS= read -r e && IFS= read -r t; } 2>/dev/null <"$d/until\${1:+-$1}"
now=$(date +%s)
if [ "$now" -lt "\${u:-0}" ] 2>/dev/null && [ -r "$s" ]; then exec cat "$s"; fi
if [ ! -e "$d/${plan}" ]; then
  echo 'NO_SOURCE: The job ended, and its credentials were removed' >&2
  exit 1
fi
n='${node.replaceAll("'", "'\\''")}'
if [ -x "$n" ]; then
  export NODE_OPTIONS=
  exec "$n" "$d/${entry}" ${renewalArgument} "$d" $1
fi
if [ "$now" -lt "\${e:-0}" ] 2>/dev/null && [ -r "$s" ]; then exec cat "$s"; fi
echo "TOKEN_EXPIRED: The credentials expired at $t, and this container has no Node to renew them with" >&2
echo 'Run the command outside the container, or ask for a longer session.' >&2
exit 1
`;
}

/** The shell of Windows has no clock in seconds, so Node looks whether the session is fresh. */
function windowsScript({ node, entry }: RenewalProgram): string {
  const lines = [
    '@echo off',
    'setlocal',
    'set NODE_OPTIONS=',
    `"${node.replaceAll('%', '%%')}" "%~dp0${entry.replaceAll('/', '\\')}" ${renewalArgument} "%~dp0." %1`,
    'exit /b %errorlevel%',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** What no quoting carries through every AWS tool: see the table of quotes in docs/long-jobs.md. */
const unusable: Readonly<Record<Shell, RegExp>> = {
  sh: /['"$`\\}\p{Cc}]|(?:^|\s)[#;]/u,
  cmd: /[^\p{L}\p{N}:\\/._~+-]/u,
};

/** Whether every AWS tool starts a program at this absolute path, written into a config file. */
export function isUsablePath(path: string, shell: Shell): boolean {
  return !unusable[shell].test(path);
}

/** Where the script lies, as later steps find it. */
export interface ScriptPlace {
  /** The absolute folder that holds `below`. */
  readonly parent: string;
  /** The path below it, with slashes. */
  readonly below: string;
  /** Whether `parent` is RUNNER_TEMP, which has another path in a container. */
  readonly isRunnerTemp: boolean;
}

/** The value of `credential_process`; the path must be usable. */
export function processLine(shell: Shell, { parent, below, isRunnerTemp }: ScriptPlace, key?: string): string {
  const words = key === undefined ? '' : ` ${checkedKey(key)}`;
  if (shell === 'cmd') return `${parent}\\${below.replaceAll('/', '\\')}${words}`;
  const start = isRunnerTemp ? `\${RUNNER_TEMP:-${parent}}` : parent;
  return `sh -c '"${start}/${below}"${words}'`;
}
