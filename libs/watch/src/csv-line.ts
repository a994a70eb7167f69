/** The cells of one line of CSV (RFC 4180, but a quoted cell ends with its line). Linear. */
export function csvCells(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const quoted = line.charAt(at) === '"';
    const [cell, end] = quoted
      ? quotedCell(line, at + 1, delimiter)
      : plainCell(line, at, delimiter);
    cells.push(cell);
    at = end + 1;
  }
  return cells;
}

/** One cell as CSV, and as no spreadsheet takes it for a formula. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What {@link csvCell} put before a formula is taken off again. */
export function withoutFormulaMark(cell: string): string {
  return /^'[=+\-@\t]/.test(cell) ? cell.slice(1) : cell;
}

function plainCell(line: string, start: number, delimiter: string): [string, number] {
  const found = line.indexOf(delimiter, start);
  const end = found < 0 ? line.length : found;
  return [line.slice(start, end).trim(), end];
}

function quotedCell(line: string, start: number, delimiter: string): [string, number] {
  const pieces: string[] = [];
  let from = start;
  for (;;) {
    const quote = line.indexOf('"', from);
    if (quote < 0) {
      pieces.push(line.slice(from));
      return [pieces.join(''), line.length];
    }
    pieces.push(line.slice(from, quote));
    if (line.charAt(quote + 1) !== '"') {
      const [rest, end] = plainCell(line, quote + 1, delimiter);
      return [pieces.join('') + rest, end];
    }
    pieces.push('"');
    from = quote + 2;
  }
}
