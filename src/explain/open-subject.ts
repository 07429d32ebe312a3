import { matchesPattern } from '../formats/trust-policy.ts';

const stranger = 'stranger-0';

/**
 * Whose subjects a pattern matches besides those of the repository that it seems to mean: of other owners, or of other
 * repositories of the owner. Undefined if of none.
 */
export function opensSubject(pattern: string): 'owners' | 'repositories' | undefined {
  const [, owner = '', repository = '', context = ''] =
    /^repo:([^/:@]*)(?:@[^/:]*)?(?:\/([^:@]*))?(?:@[^:]*)?(?::(.*))?$/s.exec(pattern) ?? [];
  const contexts = [context.replace(/[*?]/g, 'x'), 'pull_request', 'ref:refs/heads/main', 'environment:x'];
  const name = (text: string): string => text.replace(/[*?]/g, '') || 'x';
  const owners = [stranger, `${name(owner)}-${stranger}`, `${stranger}-${name(owner)}`];
  const repositories = [stranger, `${name(repository)}-${stranger}`, `${stranger}-${name(repository)}`];
  const matches = (one: string, other: string): boolean =>
    contexts.some(
      (rest) =>
        matchesPattern(`repo:${one}/${other}:${rest}`, pattern) ||
        matchesPattern(`repo:${one}@1/${other}@2:${rest}`, pattern),
    );
  if (owners.some((one) => [name(repository), ...repositories].some((other) => matches(one, other)))) return 'owners';
  return repositories.some((other) => matches(name(owner), other)) ? 'repositories' : undefined;
}
