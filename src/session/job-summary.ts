import type { Session } from '../contract/credentials.ts';
import { withoutAccountIds } from '../formats/patterns.ts';
import { describePlan, type Plan } from '../plan/plan.ts';

/** What a run came to. */
export interface SummaryContent {
  readonly session: Session;
  /** What was followed; absent where the job's own credentials were kept. */
  readonly plan?: Plan | undefined;
  /** What was delivered, a phrase each. */
  readonly delivered: readonly string[];
  readonly accounts: 'shown' | 'hidden';
}

/** The page of the run as people read it, in Markdown: the chain as a picture, then who the job is, and until when; never a secret. */
export function jobSummary({ session, plan, delivered, accounts }: SummaryContent): string {
  const { identity, region, credentials } = session;
  const shown = (text: string): string => (accounts === 'hidden' ? withoutAccountIds(text) : text);
  const steps = plan === undefined ? ['environment, kept'] : describePlan(plan).split(' → ');
  const role = steps
    .slice(1)
    .at(-1)
    ?.replace(/ \([^()]*\)$/, '');
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Account', identity.account],
    ['Role', role],
    ['Identity', identity.arn],
    ['Region', region],
    ['Delivered', delivered.join(', ')],
    ['Until', credentials.expiration?.toISOString()],
  ];
  const filled = rows.flatMap(([name, value]) => (value ? `| ${name} | ${cell(shown(value))} |` : []));
  return [
    '### AWS credentials',
    '',
    '```mermaid',
    'flowchart LR',
    `  ${[...steps.map((step, index) => `n${index}["${label(shown(step))}"]`), 'job(["this job"])'].join(' --> ')}`,
    '```',
    '',
    '| | |',
    '|---|---|',
    ...filled,
    '',
    '',
  ].join('\n');
}

/** Text in a box of the picture; what could mean something to Mermaid goes by its number. */
export const label = (text: string): string =>
  text.replace(/[^\p{L}\p{N} ./:@=+,()_*-]/gu, (character) => `#${character.codePointAt(0)};`);

/** Text in a cell; characters that could end it are omitted. */
export const cell = (text: string): string => `\`${text.replace(/[`\p{Cc}]/gu, '').replaceAll('|', '\\|')}\``;
