import { shown } from './terminal-text.js';

export type Cell = string | number;
/** A heading that ends in `#` is of a column of numbers: they stand to the right. */
export type Headings = readonly string[];

const GAP = '  ';
const PLAIN = /^[\x20-\x7e]*$/;
const CHARACTERS = new Intl.Segmenter();

/** Lines of a table: headings, then the rows, each column as wide as its widest cell. */
export function table(headings: Headings, rows: readonly (readonly Cell[])[]): string[] {
  const isNumeric = headings.map((heading) => heading.endsWith('#'));
  const lines = [headings.map((heading) => heading.replace(/#$/, '')), ...rows].map((row) =>
    row.map((cell) => shown(String(cell))),
  );
  const widths = headings.map((_, column) =>
    lines.reduce((width, line) => Math.max(width, widthOf(line[column] ?? '')), 0),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column] ?? 0, isNumeric[column] === true))
      .join(GAP)
      .trimEnd(),
  );
}

/** Lines of names and what belongs to them, one pair a line. */
export function fields(pairs: readonly (readonly [string, Cell])[]): string[] {
  const width = pairs.reduce((widest, [name]) => Math.max(widest, widthOf(name)), 0);
  return pairs.map(([name, value]) =>
    `${padded(name, width, false)}${GAP}${shown(String(value))}`.trimEnd(),
  );
}

function padded(text: string, width: number, right: boolean): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? `${room}${text}` : `${text}${room}`;
}

/** Characters as they are read; one that is twice as wide counts as one. */
function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : Array.from(CHARACTERS.segment(text)).length;
}
