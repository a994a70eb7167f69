import type { CallCause } from './call.js';
import { FAILED_RESULTS } from './call.js';
import type { DayLine, ObservableLine } from './ledger-store.port.js';

export type LedgerGroup = 'CAUSE' | 'WATCHLIST' | 'OBSERVABLE' | 'ENDPOINT' | 'DAY';

export interface LedgerQuery {
  readonly tenant: string;
  /** Epoch milliseconds, rounded down to its UTC day; without it the start of this month. */
  readonly since?: number;
  /** Epoch milliseconds, not included, rounded up to the end of its UTC day; without it now. */
  readonly until?: number;
  readonly groupBy: LedgerGroup;
}

/** Calls that have one thing in common. */
export interface LedgerRow {
  /**
   * The cause, the list's id, `type:value`, the endpoint, or `YYYY-MM-DD`; `-` for calls for no list
   * or about no observable.
   */
  readonly key: string;
  readonly cause: CallCause | null;
  readonly watchlistId: string | null;
  /** All of them, also those under way. */
  readonly calls: number;
  /** Throttled, refused, over quota, or without a sound answer. */
  readonly failed: number;
}

/** The key of what there is none of. */
export const NONE = '-';

type Part = Omit<LedgerRow, 'calls' | 'failed'>;

const PARTS: Readonly<Record<Exclude<LedgerGroup, 'OBSERVABLE'>, (line: DayLine) => Part>> = {
  CAUSE: ({ cause }) => ({ key: cause, cause, watchlistId: null }),
  WATCHLIST: ({ watchlistId }) => ({ key: watchlistId ?? NONE, cause: null, watchlistId }),
  ENDPOINT: ({ endpoint }) => plain(endpoint),
  DAY: ({ day }) => plain(day),
};

/** Sums by what the lines have in common; days in order, else the most calls first. */
export function rowsOf(
  lines: readonly DayLine[],
  groupBy: Exclude<LedgerGroup, 'OBSERVABLE'>,
): readonly LedgerRow[] {
  const rows = summed(
    lines.map((line) => ({
      ...PARTS[groupBy](line),
      calls: line.calls,
      failed: FAILED_RESULTS.includes(line.result) ? line.calls : 0,
    })),
  );
  return groupBy === 'DAY' ? rows.sort(byKey) : rows.sort(byCalls);
}

/** Sums by observable, the most calls first. */
export function observableRowsOf(lines: readonly ObservableLine[]): readonly LedgerRow[] {
  return summed(lines.map(({ about, calls, failed }) => ({ ...plain(about), calls, failed }))).sort(
    byCalls,
  );
}

function plain(key: string): Part {
  return { key, cause: null, watchlistId: null };
}

function summed(rows: readonly LedgerRow[]): LedgerRow[] {
  const sums = new Map<string, LedgerRow>();
  for (const row of rows) {
    const sum = sums.get(row.key);
    sums.set(row.key, {
      ...row,
      calls: row.calls + (sum?.calls ?? 0),
      failed: row.failed + (sum?.failed ?? 0),
    });
  }
  return [...sums.values()];
}

function byCalls(a: LedgerRow, b: LedgerRow): number {
  return b.calls - a.calls || byKey(a, b);
}

function byKey(a: LedgerRow, b: LedgerRow): number {
  return a.key < b.key ? -1 : 1;
}
