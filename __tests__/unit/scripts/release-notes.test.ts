import { describe, expect, test } from '@jest/globals';
import { releaseNotes } from '../../../scripts/release-notes.ts';

const changelog = `# Changelog

The format is that of somewhere.

## Unreleased

### Added

- Something to come.

## [1.10.0] - 2026-11-21

### Fixed

- A \`## heading\` within a line is none.

## 1.1.0

- The first, with nothing after it.
`;

describe('the notes of a release', () => {
  test.each([
    ['1.10.0', '### Fixed\n\n- A `## heading` within a line is none.'],
    ['1.1.0', '- The first, with nothing after it.'],
  ])('are the section of %s alone', (version, notes) => {
    expect(releaseNotes({ tag: `v${version}`, version, changelog })).toBe(notes);
    const asOnWindows = changelog.replaceAll('\n', '\r\n');
    expect(releaseNotes({ tag: `v${version}`, version, changelog: asOnWindows }).replaceAll('\r', '')).toBe(notes);
  });

  test.each([
    ['another version than the tag', 'v1.1.0', '1.10.0', changelog, 'The tag is v1.1.0, and package.json says 1.10.0.'],
    ['no v', '1.1.0', '1.1.0', changelog, 'The tag is 1.1.0, and package.json says 1.1.0.'],
    ['no tag', '', '1.1.0', changelog, 'The tag is , and'],
    ['no section', 'v1.1.1', '1.1.1', changelog, 'no heading "## 1.1.1", only: Unreleased, 1.10.0, 1.1.0.'],
    ['a longer version only', 'v1.1', '1.1', changelog, 'no heading "## 1.1"'],
    ['an empty section', 'v2.0.0', '2.0.0', '## 2.0.0\n\n## 1.0.0\n\n- Words.\n', 'nothing under "## 2.0.0"'],
    ['a heading that ends the file', 'v2.0.0', '2.0.0', '## 2.0.0', 'nothing under "## 2.0.0"'],
    ['no sections', 'v2.0.0', '2.0.0', '', 'no heading "## 2.0.0"'],
  ])('are refused: %s', (_what, tag, version, text, message) => {
    expect(() => releaseNotes({ tag, version, changelog: text })).toThrow(message);
  });
});
