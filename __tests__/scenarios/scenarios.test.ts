import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { PhaseResult } from '../../emulator/contract.ts';
import { leaksIn } from '../support/leak.ts';
import { unmarked } from '../support/memory-disk.ts';
import { readScenario, runScenario, type ScenarioStep, type Seen } from '../support/scenario.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(here)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => basename(name, '.yaml'));

type Texts = Readonly<Record<string, string>>;

const wanted = (text: string): unknown => {
  const pattern = /^\/([\s\S]*)\/$/.exec(text)?.[1];
  return pattern === undefined ? text : expect.stringMatching(new RegExp(pattern));
};
const wantedAll = (texts: Readonly<Record<string, string>> = {}): unknown =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, wanted(String(text))]));
const messages = (result: PhaseResult, level: string): readonly string[] =>
  result.annotations.filter((annotation) => annotation.level === level).map(({ message }) => message);

/** What became of the files since; a file that is gone is `null`. */
const changes = (before: Texts, after: Texts): Readonly<Record<string, string | null>> =>
  Object.fromEntries([
    ...Object.entries(unmarked(after)).filter(([path]) => before[path] !== after[path]),
    ...Object.keys(before).flatMap((path) => (path in after ? [] : [[path, null] as const])),
  ]);
const wantedChanges = (files: ScenarioStep['files'] = {}): unknown =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text === null ? null : wanted(text)]));

function checkAgents(pattern: string, requests: Seen['steps'][number]['requests']): void {
  const agents = requests.filter(({ service }) => service !== 'github').map(({ userAgent }) => userAgent);
  expect(agents).toEqual(agents.map(() => expect.stringMatching(new RegExp(pattern))));
  expect(agents).not.toEqual([]);
}

function checkParameters(
  { parameters: wanted = {}, omits = {} }: ScenarioStep,
  requests: Seen['steps'][number]['requests'],
): void {
  const sentBy = (operation: string) =>
    requests.filter((request) => request.operation === operation).map((request) => request.parameters);
  for (const operation of [...Object.keys(wanted), ...Object.keys(omits)]) expect(sentBy(operation)).not.toEqual([]);
  for (const [operation, parameters] of Object.entries(wanted)) {
    expect(sentBy(operation)).toEqual(sentBy(operation).map(() => expect.objectContaining(parameters)));
  }
  for (const [operation, names] of Object.entries(omits)) {
    expect(sentBy(operation).flatMap((parameters) => names.filter((name) => name in parameters))).toEqual([]);
  }
}

function checkSummary(lines: readonly string[] | undefined, summary: string): void {
  expect(summary === '').toBe(lines === undefined);
  for (const line of lines ?? []) expect(summary.split('\n')).toContainEqual(wanted(line));
}

function checkStep(step: ScenarioStep, { result, requests, proxied }: Seen['steps'][number]): void {
  expect(messages(result, 'error')).toEqual(
    step.fails === undefined ? [] : [expect.stringMatching(new RegExp(`^${step.fails}: [^\n]+[\\s\\S]*\n[^\n]+$`))],
  );
  expect(result.exitCode).toBe(step.fails === undefined ? 0 : 1);
  expect(messages(result, 'warning')).toEqual((step.warns ?? []).map(wanted));
  for (const text of step.says ?? [])
    expect(result.log).toEqual(text.startsWith('/') ? wanted(text) : expect.stringContaining(text));
  checkSummary(step.summary, result.summary);
  for (const text of step.hides ?? []) expect(result.log).not.toContain(text);
  expect(result.exported).toEqual(wantedAll(step.exports));
  expect(result.outputs).toEqual(wantedAll(step.outputs));
  if (step.proxied) expect(proxied).toEqual(step.proxied);
  if (step.userAgent) checkAgents(step.userAgent, requests);
  if (step.requests) expect(requests.map(({ line }) => line)).toEqual(step.requests);
  checkParameters(step, requests);
  // Only what was to be blanked whatever happens is changed, and so recorded, by a step that fails.
  if (step.fails !== undefined && step.exports === undefined) expect(Object.keys(result.state)).toEqual([]);
}

describe('scenarios', () => {
  test.each(cases)('%s', async (name) => {
    const scenario = readScenario(join(here, `${name}.yaml`));
    const seen = await runScenario(scenario);
    scenario.steps.forEach((step, index) => {
      const stepSeen = seen.steps[index];
      if (stepSeen === undefined) throw new Error(`step ${index + 1} did not run`);
      checkStep(step, stepSeen);
      expect(changes(seen.filesBefore, stepSeen.files)).toEqual(wantedChanges(step.files));
    });
    expect(seen.posts.map((post) => post?.exitCode ?? 0)).toEqual(seen.posts.map(() => 0));
    if (scenario.posts)
      expect(seen.posts.map((post) => post?.log.replace(/^##\[debug\].*\n?/gm, '').trim())).toEqual(
        scenario.posts.map(wanted),
      );
    expect(seen.after).toEqual({ ...seen.before, ...wantedAllAsObject(scenario.afterwards) });
    expect(changes(seen.filesBefore, seen.filesAfter)).toEqual(wantedChanges(scenario.filesAfterwards));
    expect(leaksIn(seen)).toEqual([]);
  });
});

function wantedAllAsObject(texts: Readonly<Record<string, string>> | undefined): object {
  return Object(wantedAll(texts));
}
