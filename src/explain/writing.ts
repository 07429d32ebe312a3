import { hasWildcard } from '../formats/trust-policy.ts';
import type { Reason } from './refusal.ts';
import { show } from './show.ts';
import { fits, nameForm, parseSubject } from './subject.ts';

/** One value of a policy, and the one that the request shows. */
export interface Pair {
  readonly actual: string;
  readonly wanted: string;
  /** Whether the operator takes wildcards. */
  readonly wild: boolean;
  readonly operator: string;
}

type Rule = (pair: Pair) => Reason | undefined;

/** A difference in writing alone, if both values mean the same. */
export function writingReason(pair: Pair): Reason | undefined {
  return first([...general, ...ofSubjects], pair);
}

function first(rules: readonly Rule[], pair: Pair): Reason | undefined {
  for (const rule of rules) {
    const reason = rule(pair);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const general: readonly Rule[] = [
  ({ actual, wanted, wild, operator }) =>
    !wild && hasWildcard(wanted) && fits(actual, wanted, true)
      ? {
          code: 'literal wildcard',
          text: `${operator} takes * and ? literally; only StringLike takes them as wildcards`,
        }
      : undefined,
  ({ actual, wanted, wild }) =>
    fits(actual.toLowerCase(), wanted.toLowerCase(), wild)
      ? { code: 'letter case', text: 'they differ in upper and lower case, which count here' }
      : undefined,
  ({ actual, wanted, wild }) =>
    wanted !== wanted.trim() && fits(actual, wanted.trim(), wild)
      ? { code: 'blanks', text: 'the value in the policy begins or ends with a blank' }
      : undefined,
  ({ actual, wanted, wild }) => {
    const bare = /^(["'`])(.*)\1$/s.exec(wanted)?.[2];
    return bare !== undefined && fits(actual, bare, wild)
      ? { code: 'quotes', text: 'the value in the policy has quotes of its own' }
      : undefined;
  },
  ({ actual, wanted, wild }) => {
    const items = wanted.split(/[,;\s]+/);
    return items.length > 1 && items.some((item) => fits(actual, item, wild))
      ? { code: 'list in one text', text: 'the policy has several values in one text; write them as a JSON array' }
      : undefined;
  },
  ({ actual, wanted, wild }) => {
    const [short, whole] = [wanted.replace(/@(?!refs\/).*$/s, ''), actual.replace(/@refs\/.*$/s, '')];
    return short !== '' && whole !== actual && fits(whole, short, wild) && !wanted.includes('@refs/')
      ? { code: 'too short', text: `the value ends too early: it lacks "${show(actual.slice(whole.length))}"` }
      : undefined;
  },
  ({ actual, wanted, wild }) =>
    /^refs\/(?:heads|tags)\//.test(actual) &&
    ['refs/heads/', 'refs/tags/', 'refs/'].some((start) => fits(actual, start + wanted, wild))
      ? { code: 'short ref', text: `GitHub writes the whole ref: "${show(actual)}"` }
      : undefined,
];

const ofSubjects: readonly Rule[] = [
  // Ids on one side only.
  ({ actual, wanted, wild }) => {
    const named = nameForm(actual);
    return named !== undefined && fits(named, wanted, wild)
      ? {
          code: 'ids',
          text: 'the subject has the immutable form, with the ids of owner and repository; the policy has the names alone',
        }
      : undefined;
  },
  ({ actual, wanted, wild }) => {
    const named = nameForm(wanted);
    const plain = nameForm(actual) === undefined && parseSubject(actual) !== undefined;
    return plain && named !== undefined && fits(actual, named, wild)
      ? {
          code: 'names',
          text: 'the policy has the immutable form, with ids; the subject of this repository has the names alone',
        }
      : undefined;
  },
  ({ actual, wanted, wild }) =>
    actual.includes('%3A') && fits(actual.replaceAll('%3A', ':'), wanted.replaceAll(/%3a/gi, ':'), wild)
      ? { code: 'colon', text: 'GitHub writes a colon in the name of an environment as %3A' }
      : undefined,
  ({ actual, wanted, wild }) =>
    parseSubject(actual) !== undefined &&
    (fits(actual, `repo:${wanted}`, wild) || fits(actual, wanted.replace(/^(?:repository|repos):/, 'repo:'), wild))
      ? { code: 'no prefix', text: 'a subject begins with "repo:"' }
      : undefined,
  ({ actual, wanted, wild }) => {
    const short = /^(.*:ref:)(?:heads\/|tags\/)?([^:]*)$/s.exec(wanted);
    const [, start = '', name = ''] = short ?? [];
    const whole = [`${start}refs/heads/${name}`, `${start}refs/tags/${name}`];
    return short && !name.startsWith('refs/') && whole.some((value) => fits(actual, value, wild))
      ? { code: 'short ref', text: 'a subject holds the whole ref, such as ref:refs/heads/main' }
      : undefined;
  },
  ({ actual, wanted }) => {
    // A pattern that ends before its last part begins; within a name it would be another name.
    const early = /^repo:[^:]*(?::(?:ref(?::(?:refs(?:\/(?:heads\/?|tags\/?)?)?)?)?|environment:?)?)?$/.test(wanted);
    const bare = wanted.replace(/[:/]$/, '');
    const next = /:ref:refs(?:\/heads|\/tags)?$/.test(bare) ? '/' : ':';
    const lacking = bare === wanted ? `${next}*` : '*';
    return early && parseSubject(actual) !== undefined && fits(actual, `${bare}${next}*`, true)
      ? { code: 'too short', text: `the value ends too early: it lacks "${lacking}", or what this job has there` }
      : undefined;
  },
];
