/** One step's main or post in act's log. */
export interface ActStep {
  readonly stage: string;
  readonly name: string;
  readonly result: 'success' | 'failure' | 'unfinished';
}

export interface ActJob {
  readonly steps: readonly ActStep[];
  /** What the steps printed. By job, because act now and then prints a step's last lines after it has finished. */
  readonly printed: readonly string[];
  readonly result: 'success' | 'failure' | 'unfinished';
  /** The variables that its steps exported, as they were after the last post. */
  readonly exported: Readonly<Record<string, string>>;
}

export interface ActRun {
  readonly exitCode: number | null;
  /** All that act printed. */
  readonly log: string;
  /** The home that the jobs had. */
  readonly home: string;
  readonly jobs: Readonly<Record<string, ActJob>>;
}

/** Takes act's log apart by the name before each line; jobs of a matrix run at once, and their lines are mixed. */
export function readActLog(log: string): ActRun['jobs'] {
  const lines = new Map<string, readonly string[]>();
  for (const [, name = '', text = ''] of log.matchAll(/^\[(?:.*?\/)?([\w-]+)\s*\] (.*)$/gm)) {
    lines.set(name, [...(lines.get(name) ?? []), text]);
  }
  return Object.fromEntries([...lines].map(([name, texts]) => [name, readJob(texts)]));
}

function readJob(lines: readonly string[]): ActJob {
  let steps: readonly ActStep[] = [];
  for (const line of lines) steps = readLine(steps, line);
  const end = lines.findLast((line) => line.includes('🏁')) ?? '';
  return {
    steps,
    printed: lines.flatMap((line) => /^ +(?:\||[❗❓🚧] ) ?(.*)$/u.exec(line)?.[1] ?? []),
    result: end.includes('succeeded') ? 'success' : end.includes('failed') ? 'failure' : 'unfinished',
    exported: Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value = ''] = /^ +⚙ +::set-env:: (\w+)=(.*)$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

function readLine(steps: readonly ActStep[], line: string): readonly ActStep[] {
  const [, stage, name = ''] = /^⭐ Run (Main|Post) (.*)$/.exec(line) ?? [];
  if (stage !== undefined) return [...steps, { stage, name, result: 'unfinished' }];
  const [, result, ended, of] = /^ +\S+ +(Success|Failure) - (Main|Post) (.*?)(?: \[[\d.µ]+\w+\])?$/.exec(line) ?? [];
  if (result === undefined) return steps;
  // The steps of a composite action begin and end between its own beginning and end.
  const index = steps.findLastIndex((step) => step.result === 'unfinished' && step.stage === ended && step.name === of);
  const step = steps[index];
  return step === undefined
    ? steps
    : steps.with(index, { ...step, result: result === 'Success' ? 'success' : 'failure' });
}
