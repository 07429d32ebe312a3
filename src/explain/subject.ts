import { matchesPattern } from '../formats/trust-policy.ts';

/** The parts of a subject, of a token or of a policy's pattern. https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */
export interface TokenSubject {
  readonly owner: string;
  readonly ownerId?: string | undefined;
  readonly repository: string;
  readonly repositoryId?: string | undefined;
  /** What follows the repository; undefined if nothing does. */
  readonly context?: string | undefined;
}

export type Context =
  | { readonly kind: 'environment' | 'branch' | 'tag'; readonly value: string }
  | { readonly kind: 'pull request' };

/** The parts of a subject in GitHub's own forms; undefined for any other text. */
export function parseSubject(text: string): TokenSubject | undefined {
  const parts = /^repo:([^/:@]*)(?:@([^/:]*))?\/([^:@]*)(?:@([^:]*))?(?::(.*))?$/s.exec(text);
  if (parts === null) return undefined;
  const [, owner = '', ownerId, repository = '', repositoryId, context] = parts;
  return { owner, ownerId, repository, repositoryId, context };
}

/** What the part after the repository means; undefined for customized subjects and unfinished patterns. */
export function parseContext(context: string | undefined): Context | undefined {
  if (context === 'pull_request') return { kind: 'pull request' };
  const [, kind, value = ''] = /^(environment:|ref:refs\/heads\/|ref:refs\/tags\/)(.*)$/s.exec(context ?? '') ?? [];
  if (kind === 'environment:') return { kind: 'environment', value };
  if (kind === 'ref:refs/heads/') return { kind: 'branch', value };
  return kind === undefined ? undefined : { kind: 'tag', value };
}

/** The subject without ids; undefined if it has none. */
export function nameForm(subject: string): string | undefined {
  const { owner, ownerId, repository, repositoryId, context = '' } = parseSubject(subject) ?? {};
  return ownerId === undefined && repositoryId === undefined ? undefined : `repo:${owner}/${repository}:${context}`;
}

/** Why the subject of a token looks as it does: a clause. */
export function describeSubject(subject: string): string {
  const parts = parseSubject(subject);
  const context = parseContext(parts?.context);
  if (parts === undefined || context === undefined)
    return 'a customized form, as the repository or organization sets it';
  const form = {
    environment: () =>
      `the environment form, as the job names "environment: ${context.kind === 'environment' ? context.value : ''}"`,
    'pull request': () => 'the pull request form, whatever the branch',
    branch: () => 'the ref form, of a branch',
    tag: () => 'the ref form, of a tag',
  }[context.kind]();
  return parts.ownerId === undefined && parts.repositoryId === undefined ? form : `${form}; with ids`;
}

/** Subjects that this job could have: as the job names no environment, or as it is run of its ref. */
export function subjectWithoutEnvironment(claims: Readonly<Record<string, string>>): string | undefined {
  const { sub = '', ref, event_name: event } = claims;
  const start = /^(repo:[^:]*):environment:/.exec(sub)?.[1];
  if (start === undefined) return undefined;
  if (event === 'pull_request') return `${start}:pull_request`;
  return ref === undefined || event === undefined ? undefined : `${start}:ref:${ref}`;
}

/** Whether the text equals the value of a policy, or matches it if the operator takes wildcards. */
export const fits = (text: string, wanted: string, wild: boolean): boolean =>
  wild ? matchesPattern(text, wanted) : text === wanted;
