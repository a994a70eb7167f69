import { CtimError } from './errors.js';
import type { Observable } from './observable.js';
import type { ColumnType } from './vocabulary.js';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Markdown, at most 5000 UTF-16 units. */
  readonly description?: string;
  readonly short_description?: string;
  /** Absent means true, and forbids null cells (ctim 4). */
  readonly required?: boolean;
}

export type Cell = string | number | Observable | null;

/** A small table for people, inside a sighting; stored, not searched (ctim 4). */
export interface DataTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly row_count?: number;
}

/**
 * A table with one list of cells per row, as published relays send it (ctim 4). Columns in which a
 * null occurs become optional.
 *
 * @throws CtimError `row-length` when a row does not have one cell per column.
 */
export function dataTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): DataTable {
  const odd = rows.findIndex((row) => row.length !== columns.length);
  if (odd !== -1) {
    throw new CtimError('row-length', `row ${odd} does not have ${columns.length} cells`);
  }
  return {
    columns: columns.map((column, index) => allowNulls(column, index, rows)),
    rows,
    row_count: rows.length,
  };
}

function allowNulls(column: Column, index: number, rows: DataTable['rows']): Column {
  return rows.some((row) => becomesNull(row[index])) ? { ...column, required: false } : column;
}

/** JSON has no NaN and no infinity: they go out as null. */
function becomesNull(cell: Cell | undefined): boolean {
  return cell === null || (typeof cell === 'number' && !Number.isFinite(cell));
}
