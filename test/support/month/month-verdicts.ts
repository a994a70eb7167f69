import type { CallCause } from '#ledger';
import { PRIORITIES } from '#watch';

import type { Lag } from './lag-book.js';
import type { MonthReport } from './month-run.js';

/** A figure of the month, and what it has to be. */
export interface MonthVerdict {
  readonly name: string;
  readonly value: number;
  readonly bound: string;
  readonly holds: boolean;
}

/** Two steps of the simulated clock, and four for the worst. */
const HIGH_LATE_HOURS = { p99: 0.5, max: 1 } as const;

/** Told from what upstream was asked; the causes that are left are told from each other by order. */
const CAUSES_APART = ['OBSERVE', 'OPERATOR', 'HEALTH'] as const;
/** A busy machine makes Redis late now and then; then a refresh waits. */
const MOST_LEFT_OUT = 50;

/** Everything that has to hold at the end of the month. */
export function monthVerdicts(report: MonthReport): MonthVerdict[] {
  const { limit, counted, byCause, countedByCause, lag } = report;
  return [
    atMost('background calls into the reserve', report.intoReserve, 0),
    atMost('calls that upstream counted', counted, limit),
    atLeast('questions refused at the hard limit', report.refusedAtLimit, 1),
    ...CAUSES_APART.map((cause) =>
      exactly(`calls in the ledger, ${cause}`, byCause[cause], countedByCause[cause]),
    ),
    exactly('calls in the ledger, for lists', forLists(byCause), forLists(countedByCause)),
    // A first fetch that was put off half done is one still when it is done again.
    atMost(
      'first fetches asked again',
      byCause.FIRST_FETCH - countedByCause.FIRST_FETCH,
      2 * report.leftOut,
    ),
    atMost('HIGH late by, p99 (h)', lag.HIGH.p99, HIGH_LATE_HOURS.p99),
    atMost('HIGH late by, at worst (h)', lag.HIGH.max, HIGH_LATE_HOURS.max),
    atLeast('NORMAL refreshes', lag.NORMAL.count, 1),
    atLeast('LOW refreshes', lag.LOW.count, 1),
    exactly('observables with wrong changes', report.wrongChanges.length, 0),
    atMost('observables not compared', report.leftOut, MOST_LEFT_OUT),
  ];
}

function forLists({ REFRESH, FIRST_FETCH }: Readonly<Record<CallCause, number>>): number {
  return REFRESH + FIRST_FETCH;
}

/** The figures for a reader, with limits and verdicts. */
export function monthTable(report: MonthReport, verdicts: readonly MonthVerdict[]): string {
  const { planned, limit, reserve, jobs, moves, movesUnseen, changes, seconds } = report;
  const lines = PRIORITIES.toReversed().map((priority) =>
    lagLine(priority, report.lag[priority], report.overdue[priority]),
  );
  const verdictLines = verdicts.map(({ name, value, bound, holds }) =>
    [holds ? 'ok    ' : 'MISSED', name.padEnd(38), shown(value).padStart(9), ` (${bound})`].join(
      ' ',
    ),
  );
  return [
    `planned ${planned} calls, limit ${limit}, reserve ${reserve}`,
    `jobs: ${jobs.done} done, ${jobs.waiting} put off, ${jobs.nobody} for nobody, ${jobs.failed} failed`,
    `world: ${moves} moves, ${movesUnseen} after the last look; ${changes} changes told`,
    'late, in hours      count      p50      p90      p99      max  still due',
    ...lines,
    ...verdictLines,
    `took ${seconds} s`,
  ].join('\n');
}

function lagLine(priority: string, { count, p50, p90, p99, max }: Lag, overdue: number): string {
  const hours = [p50, p90, p99, max].map((one) => one.toFixed(2).padStart(9)).join('');
  return `${priority.padEnd(16)}${String(count).padStart(9)}${hours}${String(overdue).padStart(11)}`;
}

function atMost(name: string, value: number, most: number): MonthVerdict {
  return { name, value, bound: `at most ${most}`, holds: value <= most };
}

function atLeast(name: string, value: number, least: number): MonthVerdict {
  return { name, value, bound: `at least ${least}`, holds: value >= least };
}

function exactly(name: string, value: number, wanted: number): MonthVerdict {
  return { name, value, bound: `exactly ${wanted}`, holds: value === wanted };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
