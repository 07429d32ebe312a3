import { asCredentialError, CredentialError, invalidInput } from '../contract/errors.ts';
import { type Source, sources } from '../sources/index.ts';
import type { Applicable, Selection, SourceContext } from '../sources/source.ts';

/** A source that applies, and why it was chosen. */
export interface Candidate {
  readonly selected: Applicable<Source>;
  readonly because: string;
  readonly warnings: readonly string[];
}

/** The sources to try in order, and why the others do not apply. */
export interface Candidates {
  readonly first: Candidate;
  readonly fallbacks: readonly Candidate[];
  readonly skipped: readonly CredentialError[];
  /** Log lines for the sources that were skipped. */
  readonly skippedNotes: readonly string[];
  readonly onInvalid: OnInvalid;
}

/** What an incomplete source behind an applicable one does. `defer`: in auto mode an invalid fallback is ignored until it is reached. */
export type OnInvalid = 'throw' | 'defer';

/** Selects as the input `source` asks. Throws CredentialError if nothing applies or inputs contradict each other. */
export function selectSource(context: SourceContext): Promise<Candidates> {
  const asked = context.inputs.optional('source') ?? 'auto';
  return asked === 'auto' ? selectAuto(context) : selectListed(context, asked);
}

/** None of several sources gave credentials: every one, a line each, with the reason. */
export function noSourceFound(reasons: readonly CredentialError[]): CredentialError {
  const lines = reasons.map(({ message }) => `  - ${message}`).join('\n');
  // The permission to mint ID tokens is what most jobs lack.
  const permission = reasons.find(({ code }) => code === 'ID_TOKEN_UNAVAILABLE');
  const hint =
    permission?.hint ?? 'Give the inputs of one source, such as "role-to-assume" in a job that may mint ID tokens.';
  return new CredentialError('NO_SOURCE', `Found no AWS credentials. Sources tried:\n${lines}`, { hint });
}

/** The reason why a source gave nothing, with its name before it. */
export function withKind(kind: string, { code, message, hint, cause }: CredentialError): CredentialError {
  return new CredentialError(code, `${kind}: ${message}`, { hint, cause });
}

/** The sources named in `source`, in that order. */
async function selectListed(context: SourceContext, asked: string): Promise<Candidates> {
  const names = asked.split(',').map((name) => name.trim());
  const known = sources.map(({ kind }) => kind);
  const unknown = names.find((name) => !known.some((kind) => kind === name));
  if (unknown !== undefined) {
    throw invalidInput(
      'source',
      `contains "${unknown}", which is not a known source.`,
      `Use auto, or of these: ${known.join(', ')}.`,
    );
  }
  const { candidates, skipped } = await selectEach(context, names, {
    reason: () => 'asked for by "source"',
    onInvalid: 'throw',
  });
  const [first, ...fallbacks] = candidates;
  if (first !== undefined) {
    return { first, fallbacks, skipped, skippedNotes: skipped.map(skippedNote), onInvalid: 'throw' };
  }
  const [only] = skipped;
  if (only !== undefined && skipped.length === 1) {
    throw new CredentialError(only.code, `Input "source" asks for ${only.message}`, { hint: only.hint });
  }
  throw noSourceFound(skipped);
}

/** `auto`: the source whose own input is given; else what the job or the machine offers. */
async function selectAuto(context: SourceContext): Promise<Candidates> {
  const claims = sources.flatMap((strategy) => {
    const input = strategy.claim(context.inputs);
    return input === undefined ? [] : [{ kind: strategy.kind, input, rank: strategy.claimRank }];
  });
  if (claims.length > 0) return selectByInput(context, claims);
  const kinds = sources.map(({ kind }) => kind);
  const reason = (because: string) => `auto: ${because}`;
  const { candidates, skipped, skippedExplicit } = await selectEach(context, kinds, { reason, onInvalid: 'defer' });
  const [first, ...fallbacks] = candidates;
  if (first === undefined) throw noSourceFound(skipped);
  return { first, fallbacks, skipped, skippedNotes: skippedExplicit.map(skippedNote), onInvalid: 'defer' };
}

function skippedNote({ message }: CredentialError): string {
  return `Skipped ${message}`;
}

interface SelectOptions {
  reason(because: string): string;
  readonly onInvalid: OnInvalid;
}

interface Selected {
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly CredentialError[];
  /** Those of `skipped` that something in the job names. */
  readonly skippedExplicit: readonly CredentialError[];
}

/** Asks each source in turn, up to the first one that certainly has credentials. */
async function selectEach(
  context: SourceContext,
  kinds: readonly string[],
  { reason, onInvalid }: SelectOptions,
): Promise<Selected> {
  const candidates: Candidate[] = [];
  const skipped: CredentialError[] = [];
  const skippedExplicit: CredentialError[] = [];
  for (const kind of kinds) {
    const selection = await selectKind(kind, context).catch((error: unknown) => {
      if (onInvalid === 'throw' || candidates.length === 0) throw error;
      return { invalid: asCredentialError(error) };
    });
    if ('invalid' in selection) {
      skipped.push(withKind(kind, selection.invalid));
      break;
    }
    if ('reason' in selection) {
      skipped.push(withKind(kind, selection.reason));
      if (selection.requestedExplicitly) skippedExplicit.push(withKind(kind, selection.reason));
      continue;
    }
    candidates.push({ selected: selection, because: reason(selection.because), warnings: [] });
    if (!selection.mayBeEmpty) break;
  }
  return { candidates, skipped, skippedExplicit };
}

interface Claim {
  readonly kind: string;
  readonly input: string;
  readonly rank: number | undefined;
}

async function selectByInput(context: SourceContext, claims: readonly Claim[]): Promise<Candidates> {
  const [first, ...others] = claims.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  if (first === undefined) throw new Error('selectByInput without a claim');
  if (others.length > 0 && claims.some(({ rank }) => rank === undefined)) {
    const names = claims.map(({ input }) => `"${input}"`).join(' and ');
    throw new CredentialError('INPUT_CONFLICT', `Inputs ${names} each ask for another source`, {
      hint: `Keep one of them, or say which to use: "source: ${first.kind}".`,
    });
  }
  const selection = await selectKind(first.kind, context);
  if ('reason' in selection) {
    const { code, message, hint } = selection.reason;
    throw new CredentialError(code, `Input "${first.input}" asks for the source ${first.kind}, but ${message}`, {
      hint,
    });
  }
  const warnings = others.map(({ input }) => `Input "${input}" is ignored, because "${first.input}" is given.`);
  const candidate = { selected: selection, because: `auto: "${first.input}" is given`, warnings };
  return { first: candidate, fallbacks: [], skipped: [], skippedNotes: [], onInvalid: 'throw' };
}

async function selectKind(kind: string, context: SourceContext): Promise<Selection<Source>> {
  const strategy = sources.find((candidate) => candidate.kind === kind);
  if (strategy === undefined) throw new Error(`no strategy for the source ${kind}`);
  return strategy.select(context);
}
