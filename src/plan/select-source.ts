import { asCredentialError, CredentialError, invalidInput } from '../contract/errors.ts';
import { type Source, sources } from '../sources/index.ts';
import type { Candidate, Offer, Wish } from '../sources/source.ts';

/** A source that applies, and why it was chosen. */
export interface Choice {
  readonly candidate: Candidate<Source>;
  readonly because: string;
  readonly warnings: readonly string[];
}

/** The sources to try, in order: the last is one that is sure to be there, where there is one. And which do not apply, and why. */
export interface Selection {
  readonly first: Choice;
  readonly others: readonly Choice[];
  readonly absences: readonly CredentialError[];
  /** What the log says of the sources that were passed over. */
  readonly remarks: readonly string[];
  readonly malformed: Malformed;
}

/**
 * What becomes of a source that is half configured and stands behind one that may have credentials: what nobody asked
 * for by name is no trouble until its turn comes, and ends the list then.
 */
export type Malformed = 'refused' | 'put off';

/** Chooses as `source` asks. Throws CredentialError where nothing applies, or where inputs contradict each other. */
export function choose(wish: Wish): Promise<Selection> {
  const asked = wish.inputs.optional('source') ?? 'auto';
  return asked === 'auto' ? chooseByItself(wish) : chooseAsAsked(wish, asked);
}

/** None of several sources gave credentials: every one, a line each, with the reason. */
export function noneApplies(reasons: readonly CredentialError[]): CredentialError {
  const lines = reasons.map(({ message }) => `  - ${message}`).join('\n');
  // The permission to mint ID tokens is what most jobs lack.
  const permission = reasons.find(({ code }) => code === 'ID_TOKEN_UNAVAILABLE');
  const hint =
    permission?.hint ?? 'Give the inputs of one source, such as "role-to-assume" in a job that may mint ID tokens.';
  return new CredentialError('NO_SOURCE', `There is no source of AWS credentials:\n${lines}`, { hint });
}

/** The reason why a source gave nothing, with its name before it. */
export function named(kind: string, { code, message, hint, cause }: CredentialError): CredentialError {
  return new CredentialError(code, `${kind}: ${message}`, { hint, cause });
}

/** The sources named in `source`, in that order. */
async function chooseAsAsked(wish: Wish, asked: string): Promise<Selection> {
  const names = asked.split(',').map((name) => name.trim());
  const known = sources.map(({ kind }) => kind);
  const unknown = names.find((name) => !known.some((kind) => kind === name));
  if (unknown !== undefined) {
    throw invalidInput(
      'source',
      `names "${unknown}", which is no source.`,
      `Use auto, or of these: ${known.join(', ')}.`,
    );
  }
  const { choices, absences } = await gather(wish, names, {
    reason: () => 'asked for by "source"',
    malformed: 'refused',
  });
  const [first, ...others] = choices;
  if (first !== undefined) {
    return { first, others, absences, remarks: absences.map(passedOver), malformed: 'refused' };
  }
  const [only] = absences;
  if (only !== undefined && absences.length === 1) {
    throw new CredentialError(only.code, `Input "source" asks for ${only.message}`, { hint: only.hint });
  }
  throw noneApplies(absences);
}

/** `auto`: the source whose own input is given; else what the job or the machine offers. */
async function chooseByItself(wish: Wish): Promise<Selection> {
  const claims = sources.flatMap((strategy) => {
    const input = strategy.claim(wish.inputs);
    return input === undefined ? [] : [{ kind: strategy.kind, input }];
  });
  if (claims.length > 0) return chooseByClaim(wish, claims);
  const kinds = sources.map(({ kind }) => kind);
  const reason = (because: string) => `auto: ${because}`;
  const { choices, absences, missed } = await gather(wish, kinds, { reason, malformed: 'put off' });
  const [first, ...others] = choices;
  if (first === undefined) throw noneApplies(absences);
  return { first, others, absences, remarks: missed.map(passedOver), malformed: 'put off' };
}

function passedOver({ message }: CredentialError): string {
  return `Passed over ${message}`;
}

interface Gathering {
  reason(because: string): string;
  readonly malformed: Malformed;
}

interface Gathered {
  readonly choices: readonly Choice[];
  readonly absences: readonly CredentialError[];
  /** Of the absences, those that something in the job names. */
  readonly missed: readonly CredentialError[];
}

/** Asks each source in turn, and no further once one is sure to be there: what is not needed is not looked at. */
async function gather(wish: Wish, kinds: readonly string[], { reason, malformed }: Gathering): Promise<Gathered> {
  const choices: Choice[] = [];
  const absences: CredentialError[] = [];
  const missed: CredentialError[] = [];
  for (const kind of kinds) {
    const offer = await offerOf(kind, wish).catch((error: unknown) => {
      if (malformed === 'refused' || choices.length === 0) throw error;
      return { absent: asCredentialError(error), standing: 'malformed' } as const;
    });
    if ('absent' in offer) {
      const absence = named(kind, offer.absent);
      absences.push(absence);
      if (offer.standing === 'named') missed.push(absence);
    } else choices.push({ candidate: offer, because: reason(offer.because), warnings: [] });
    if ('standing' in offer && offer.standing === 'malformed') break;
    if ('source' in offer && offer.standing !== 'uncertain') break;
  }
  return { choices, absences, missed };
}

interface Claim {
  readonly kind: string;
  readonly input: string;
}

/** The incumbent lets its own three stand side by side and takes the first in this order; workflows rely on it. */
const incumbentOrder: readonly string[] = ['static', 'web-identity', 'environment'];

async function chooseByClaim(wish: Wish, claims: readonly Claim[]): Promise<Selection> {
  const rank = ({ kind }: Claim) => incumbentOrder.indexOf(kind);
  const [first, ...others] = claims.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) throw new Error('chooseByClaim without a claim');
  if (others.length > 0 && claims.some((claim) => rank(claim) < 0)) {
    const names = claims.map(({ input }) => `"${input}"`).join(' and ');
    throw new CredentialError('INPUT_CONFLICT', `Inputs ${names} each ask for another source`, {
      hint: `Keep one of them, or say which to use: "source: ${first.kind}".`,
    });
  }
  const offer = await offerOf(first.kind, wish);
  if ('absent' in offer) {
    const { code, message, hint } = offer.absent;
    throw new CredentialError(code, `Input "${first.input}" asks for the source ${first.kind}, but ${message}`, {
      hint,
    });
  }
  const warnings = others.map(({ input }) => `Input "${input}" is ignored, because "${first.input}" is given.`);
  const choice = { candidate: offer, because: `auto: "${first.input}" is given`, warnings };
  return { first: choice, others: [], absences: [], remarks: [], malformed: 'refused' };
}

async function offerOf(kind: string, wish: Wish): Promise<Offer<Source>> {
  const strategy = sources.find((candidate) => candidate.kind === kind);
  if (strategy === undefined) throw new Error(`no strategy for the source ${kind}`);
  return strategy.select(wish);
}
