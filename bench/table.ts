type Cells = readonly string[];

/** A number as people read it; a dash where there is none. */
export const number = (value: number, digits = 0): string =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Columns as wide as their widest cell; the first on the left, numbers on the right. */
export function table(head: Cells, body: readonly Cells[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const row = (cells: Cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [row(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(row)].join('\n');
}

/** The same in Markdown. */
export function markdownTable(head: Cells, body: readonly Cells[]): string {
  const row = (cells: Cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), `|${head.map(() => '---|').join('')}`, ...body.map(row)].join('\n');
}
