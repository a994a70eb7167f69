import { PLANNING_MONTH_MS } from '#ledger';
import { PRIORITIES } from '#watch';
import type { Priority } from '#watch';

/** Upstream calls, by the priority of the list that pays. */
export type CallsByPriority = Readonly<Record<Priority, number>>;

/** Where quota and plan stand at an instant; instants are epoch milliseconds. */
export interface PacingQuestion {
  /** What the lists as they are cost in a month of 30 days. */
  readonly planned: CallsByPriority;
  /** What all that is due now still costs. */
  readonly overdue: number;
  /** Made since the day began, for lists. */
  readonly madeToday: CallsByPriority;
  /** What the background may still make until the quota starts anew. */
  readonly left: number;
  /** What analysts are expected to make a day. */
  readonly analystsPerDay: number;
  readonly now: number;
  readonly dayStart: number;
  readonly resetsAt: number;
}

/** How many calls each priority gets a day; Infinity: as many as it likes. */
export interface Pacing {
  readonly callsPerDay: CallsByPriority;
  /** Whether the lists get less than they plan. */
  readonly isShort: boolean;
}

const DAY_MS = 86_400_000;
const DAYS_OF_MONTH = PLANNING_MONTH_MS / DAY_MS;
/** What is kept for HIGH above its plan: repeated calls, and the error of a plan told from samples. */
const HIGH_MARGIN = 1.05;
/** Of what HIGH leaves, LOW gets so much at least: it shall wait for long, not for ever. */
const LEAST_FOR_LOW = 0.1;

export const UNPACED: Pacing = { callsPerDay: byPriority(() => Infinity), isShort: false };

/**
 * Shares what is left of the month between the priorities. While it holds what the lists plan, all
 * get what they like. Else HIGH does, and the others get the rest in even shares a day, NORMAL before
 * LOW; and when not even HIGH can have its plan, it gets all there is, in even shares.
 */
export function pacingOf(question: PacingQuestion): Pacing {
  const { planned, left, analystsPerDay, now, resetsAt, overdue } = question;
  const days = (resetsAt - now) / DAY_MS;
  const needed = (sum(planned) * days) / DAYS_OF_MONTH + overdue + analystsPerDay * days;
  if (left >= needed) {
    return UNPACED;
  }
  const perDay = leftPerDay(question);
  const spare = Math.max(0, perDay - analystsPerDay - perDayOf(planned.HIGH) * HIGH_MARGIN);
  const low = Math.max(spare - perDayOf(planned.NORMAL), spare * LEAST_FOR_LOW);
  // That analysts may need it is no reason to hold HIGH up.
  const high = perDay >= perDayOf(planned.HIGH) ? Infinity : Math.max(0, perDay);
  return { callsPerDay: { HIGH: high, NORMAL: spare - low, LOW: low }, isShort: true };
}

/** Calls that each priority may make now: its share of the day so far, less what it has made. */
export function callsNow({ callsPerDay }: Pacing, question: PacingQuestion): CallsByPriority {
  const { madeToday, now, dayStart } = question;
  const ofDay = (now - dayStart) / DAY_MS;
  return byPriority((priority) =>
    callsPerDay[priority] === Infinity
      ? Infinity
      : Math.max(0, callsPerDay[priority] * ofDay - madeToday[priority]),
  );
}

export function byPriority(of: (priority: Priority) => number): CallsByPriority {
  return { HIGH: of('HIGH'), NORMAL: of('NORMAL'), LOW: of('LOW') };
}

/** From the day's beginning, so that a day's share stays what it is while it is used. */
function leftPerDay({ left, madeToday, dayStart, resetsAt }: PacingQuestion): number {
  return ((left + sum(madeToday)) * DAY_MS) / (resetsAt - dayStart);
}

function perDayOf(callsPerMonth: number): number {
  return callsPerMonth / DAYS_OF_MONTH;
}

function sum(calls: CallsByPriority): number {
  return PRIORITIES.reduce((total, priority) => total + calls[priority], 0);
}
