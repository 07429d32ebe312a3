import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { majorTag } from '../../../scripts/major-tag.ts';

describe('the major tag', () => {
  test.each([
    ['the first release', 'v1.0.0', [], 'v1'],
    ['its own tag is there, as it is when the release runs', 'v1.0.0', ['refs/tags/v1.0.0', 'refs/tags/v1'], 'v1'],
    ['the newest', 'v1.10.0', ['v1.9.9', 'v1.2.0', 'v1'], 'v1'],
    ['a newer major stands by itself', 'v1.2.4', ['v1.2.3', 'v2.0.0', 'v10.0.0'], 'v1'],
    ['before 1.0.0', 'v0.3.0', ['v0.2.0'], 'v0'],
    ['a newer pre-release does not count', 'v1.2.3', ['v1.3.0-rc.1'], 'v1'],
    ['a patch of an older minor', 'v1.2.4', ['v1.3.0'], undefined],
    ['an older patch that is released once more', 'v1.2.3', ['refs/tags/v1.2.10'], undefined],
    ['a pre-release', 'v2.0.0-rc.1', ['v1.0.0'], undefined],
    ['no version', 'main', [], undefined],
    ['nothing', '', [''], undefined],
  ])('%s: %s', (_what, tag, tags, moved) => {
    expect(majorTag(tag, tags)).toBe(moved);
  });

  test('after any order of releases it is at the newest of its major', () => {
    const releases = fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(12), fc.nat(12)), { minLength: 1, selector: String });
    fc.assert(
      fc.property(releases, (order) => {
        const tags = order.map((version) => `v${version.join('.')}`);
        const at = new Map<string, string>();
        for (const [index, tag] of tags.entries()) {
          const moved = majorTag(tag, tags.slice(0, index + 1));
          if (moved !== undefined) at.set(moved, tag);
        }
        const sorted = order.toSorted(([a, b, c], [d, e, f]) => a - d || b - e || c - f);
        const newest = new Map(sorted.map((version) => [`v${version[0]}`, `v${version.join('.')}`]));
        expect([...at].sort()).toEqual([...newest].sort());
      }),
    );
  });
});
