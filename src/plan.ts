import { checkChainedDurations, linkHops } from './chain.ts';
import { CredentialError, invalidInput } from './errors.ts';
import { readRoles } from './hops.ts';
import type { Inputs } from './inputs.ts';
import type { Env } from './ports.ts';
import { needed, readRegion } from './region.ts';
import { describeHop, type Hop } from './role.ts';
import { describeSource, type Source, sources } from './sources/index.ts';
import type { Candidate, Offer, Wish } from './sources/source.ts';

/** What will be done, as data: where the first credentials come from, and the roles to assume from there. May hold secrets; its description never does. */
export interface Plan {
  readonly region: string;
  readonly source: Source;
  readonly hops: readonly Hop[];
}

/** A plan, why its source was chosen, and what the user should hear about it. */
export interface Decision {
  readonly plan: Plan;
  readonly because: string;
  readonly warnings: readonly string[];
}

/** Reads the inputs into a plan; pure. Throws CredentialError. */
export function makePlan(inputs: Inputs, env: Env): Decision {
  const given = readRegion(inputs);
  const roles = readRoles({ inputs, env });
  const wish: Wish = {
    inputs,
    env,
    roles: roles.hops,
    // Asked for where it is needed only: a source may bring one along.
    get region() {
      return needed(given);
    },
  };
  const { candidate, because, warnings } = choose(wish);
  const { source, hops, roleSession } = candidate;
  const region = needed(given ?? candidate.region);
  checkChainedDurations(roleSession ? hops : hops.slice(1), inputs);
  const plan = { region, source, hops: linkHops(hops, { inputs, env }) };
  return { plan, because, warnings: [...warnings, ...roles.warnings, ...(candidate.warnings ?? [])] };
}

/** The plan as one line, such as `oidc (…) → 111111111111/deploy → 222222222222/target (external id, 2 tags)`; never a secret. */
export function describePlan({ source, hops }: Plan): string {
  return [describeSource(source), ...hops.map(describeHop)].join(' → ');
}

/** Whether anything asks for credentials: a role, a source by its name, or an input of a source's own. */
export function asksForCredentials(inputs: Inputs): boolean {
  if (inputs.lines('role-to-assume').length > 0 || inputs.optional('role-chain') !== undefined) return true;
  if ((inputs.optional('source') ?? 'auto') !== 'auto') return true;
  return sources.some(({ claim }) => claim(inputs) !== undefined);
}

interface Choice {
  readonly candidate: Candidate<Source>;
  readonly because: string;
  readonly warnings: readonly string[];
}

function choose(wish: Wish): Choice {
  const asked = wish.inputs.optional('source') ?? 'auto';
  return asked === 'auto' ? chooseByItself(wish) : chooseAsAsked(wish, asked);
}

/** The sources named in `source`, in that order: the first that applies. */
function chooseAsAsked(wish: Wish, asked: string): Choice {
  const names = asked.split(/\s*,\s*/);
  const known = sources.map(({ kind }) => kind);
  const unknown = names.find((name) => !known.some((kind) => kind === name));
  if (unknown !== undefined) {
    throw invalidInput(
      'source',
      `names "${unknown}", which is no source.`,
      `Use auto, or of these: ${known.join(', ')}.`,
    );
  }
  const refusals: CredentialError[] = [];
  for (const name of names) {
    const offer = offerOf(name, wish);
    if ('source' in offer) return { candidate: offer, because: `asked for by "source"`, warnings: [] };
    refusals.push(
      new CredentialError(offer.absent.code, `${name}: ${offer.absent.message}`, { hint: offer.absent.hint }),
    );
  }
  const [only] = refusals;
  if (only !== undefined && refusals.length === 1) {
    throw new CredentialError(only.code, `Input "source" asks for ${only.message}`, { hint: only.hint });
  }
  throw noSource('None of the sources in "source" applies', refusals, 'Configure one of them, or name another.');
}

/** `auto`: the source whose own input is given; else the first that the job or the machine offers. */
function chooseByItself(wish: Wish): Choice {
  const claims = sources.flatMap((strategy) => {
    const input = strategy.claim(wish.inputs);
    return input === undefined ? [] : [{ kind: strategy.kind, input }];
  });
  if (claims.length > 0) return chooseByClaim(wish, claims);
  const absences: CredentialError[] = [];
  for (const { kind } of sources) {
    const offer = offerOf(kind, wish);
    if ('source' in offer) return { candidate: offer, because: `auto: ${offer.because}`, warnings: [] };
    absences.push(
      new CredentialError(offer.absent.code, `${kind}: ${offer.absent.message}`, { hint: offer.absent.hint }),
    );
  }
  const permission = absences.find(({ code }) => code === 'ID_TOKEN_UNAVAILABLE');
  const hint =
    permission?.hint ?? 'Give the inputs of one source, such as "role-to-assume" in a job that may mint ID tokens.';
  throw noSource('There is no source of AWS credentials', absences, hint);
}

interface Claim {
  readonly kind: string;
  readonly input: string;
}

/** The incumbent lets its own three stand side by side and takes the first in this order; workflows rely on it. */
const incumbentOrder: readonly string[] = ['static', 'web-identity', 'environment'];

function chooseByClaim(wish: Wish, claims: readonly Claim[]): Choice {
  const rank = ({ kind }: Claim) => incumbentOrder.indexOf(kind);
  const [first, ...others] = claims.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) throw new Error('chooseByClaim without a claim');
  if (others.length > 0 && claims.some((claim) => rank(claim) < 0)) {
    const names = claims.map(({ input }) => `"${input}"`).join(' and ');
    throw new CredentialError('INPUT_CONFLICT', `Inputs ${names} each ask for another source`, {
      hint: `Keep one of them, or say which to use: "source: ${first.kind}".`,
    });
  }
  const offer = offerOf(first.kind, wish);
  if ('absent' in offer) {
    const { code, message, hint } = offer.absent;
    throw new CredentialError(code, `Input "${first.input}" asks for the source ${first.kind}, but ${message}`, {
      hint,
    });
  }
  const warnings = others.map(({ input }) => `Input "${input}" is ignored, because "${first.input}" is given.`);
  return { candidate: offer, because: `auto: "${first.input}" is given`, warnings };
}

function offerOf(kind: string, wish: Wish): Offer<Source> {
  const strategy = sources.find((candidate) => candidate.kind === kind);
  if (strategy === undefined) throw new Error(`no strategy for the source ${kind}`);
  return strategy.select(wish);
}

function noSource(summary: string, absences: readonly CredentialError[], hint: string): CredentialError {
  const reasons = absences.map(({ message }) => `  - ${message}`).join('\n');
  return new CredentialError('NO_SOURCE', `${summary}:\n${reasons}`, { hint });
}
