/** Plain tables for people: texts to the left, numbers to the right. */
export type TableCell = string | number | null;

const GAP = '  ';

export function table(header: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const texts = rows.map((row) => row.map(cellText));
  const widths = header.map((name, i) => Math.max(name.length, ...texts.map((row) => (row[i] ?? '').length)));
  const right = header.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join(GAP)
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)].join('\n');
}

function cellText(cell: TableCell): string {
  if (cell === null) return '-';
  return typeof cell === 'number' ? formatCount(cell) : printable(cell);
}

/** Control characters in stored texts must not reach the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, ' ');
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** `2026-03-04 10:11` of an ISO moment; `-` where there is none. */
export function formatMoment(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
