import type { Simulator } from '../tools/simulator/simulator.js';

type History = NonNullable<Parameters<Simulator['setHistory']>[2]>;

const DAY_MS = 86_400_000;
const RELATIONS = 100;

/** A history of 100 different addresses, one after the other up to today: one upstream page. */
export function historyOf(today: string): History {
  const end = Date.parse(today);
  return Array.from({ length: RELATIONS }, (_, index) => ({
    first_seen: dateOf(end - (index + 1) * 7 * DAY_MS),
    last_seen: dateOf(end - index * 7 * DAY_MS),
    values: [`192.0.2.${index + 1}`],
    organizations: ['Example Hosting'],
  }));
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
