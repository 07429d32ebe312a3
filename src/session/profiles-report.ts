import type { ProfileSession } from '../contract/credentials.ts';
import { withoutAccountIds } from '../formats/patterns.ts';
import { describePlan, type Plan } from '../plan/plan.ts';
import { describeHop } from '../roles/role.ts';
import { cell, label } from './job-summary.ts';

/** So many names or boxes are shown; the rest is counted. */
const shownInLine = 20;
const shownInPicture = 50;

/** What was delivered, such as `Delivered profiles a and b, until …`, with the earliest end. */
export function profilesLine(profiles: readonly ProfileSession[], delivered: readonly string[]): string {
  const ends = profiles.flatMap(({ session }) => session.credentials.expiration?.getTime() ?? []);
  const until = ends.length === 0 ? '' : `, until ${new Date(Math.min(...ends)).toISOString()}`;
  const others = delivered.filter((what) => !/^(profiles|outputs)/.test(what));
  const besides = others.length === 0 ? '' : ` and, of the shared role, ${others.join(', ')}`;
  return `Delivered ${namesOf(profiles)}${besides}${until}`;
}

/** The profiles by name, such as `profiles a, b`. */
export function namesOf(profiles: readonly Pick<ProfileSession, 'name'>[]): string {
  const names = profiles.slice(0, shownInLine).map(({ name }) => name);
  const more = profiles.length - names.length;
  return `profiles ${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** A line for each branch of a plan, such as `staging → 222222222222/deploy`; never a secret. */
export function describeBranches({ branches, trunk }: Plan): readonly string[] {
  return branches.map(({ name, region, hops }) => {
    const where = region === trunk.region ? '' : ` (${region})`;
    const roles = hops.length === 0 ? ['the shared session'] : hops.map(describeHop);
    return [`${name}${where}`, ...roles].join(' → ');
  });
}

/** What a run came to. */
export interface ProfilesContent {
  readonly plan: Plan;
  readonly profiles: readonly ProfileSession[];
  readonly delivered: readonly string[];
  readonly accounts: 'shown' | 'hidden';
}

/** The page of the run, in Markdown: the trunk and its branches as one picture, then a row for each profile; never a secret. */
export function profilesSummary({ plan, profiles, delivered, accounts }: ProfilesContent): string {
  const shown = (text: string): string => (accounts === 'hidden' ? withoutAccountIds(text) : text);
  const trunk = describePlan(plan).split(' → ');
  const boxes = trunk.map((step, index) => `n${index}["${label(shown(step))}"]`).join(' --> ');
  const drawn = plan.branches.slice(0, shownInPicture);
  const branches = drawn.map(({ name, hops }, branch) => {
    const steps = hops.map((hop, index) => `b${branch}_${index}["${label(shown(describeHop(hop)))}"]`);
    return `  ${[`n${trunk.length - 1}`, ...steps, `p${branch}(["${label(shown(`profile ${name}`))}"])`].join(' --> ')}`;
  });
  const missing = plan.branches.length - drawn.length;
  const rows = profiles.map(({ name, session: { identity, region, credentials } }) => {
    const values = [name, identity.account, identity.arn ?? '', region, credentials.expiration?.toISOString() ?? ''];
    return `| ${values.map((value) => (value === '' ? '' : cell(shown(value)))).join(' | ')} |`;
  });
  return [
    '### AWS credentials',
    '',
    '```mermaid',
    'flowchart LR',
    `  ${boxes}`,
    ...branches,
    ...(missing === 0 ? [] : [`  n${trunk.length - 1} --> more["and ${missing} more profiles"]`]),
    '```',
    '',
    '| Profile | Account | Identity | Region | Until |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `Delivered: ${cell(shown(delivered.join(', ')))}`,
    '',
    '',
  ].join('\n');
}
