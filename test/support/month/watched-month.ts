import type { CanonicalObservable } from '#observables';
import type { Priority } from '#watch';

/** A list of the month: how many observables it has, of what kind, and what it asks for. */
export interface MonthList {
  readonly name: string;
  readonly priority: Priority;
  readonly intervalMs: number;
  readonly observables: readonly CanonicalObservable[];
}

/** An observable as all its lists together want it. */
export interface Watched {
  readonly observable: CanonicalObservable;
  readonly priority: Priority;
  readonly intervalMs: number;
  /** Calls of one refresh once its empty questions rest. */
  readonly callsEach: number;
  readonly callsAtFirst: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTH_DAYS = 30;

/** Of 5,000; the last entry takes what rounding leaves. */
const SHAPE = [
  { name: 'high-6h', priority: 'HIGH', intervalMs: 6 * HOUR_MS, share: 0.01 },
  { name: 'high-1d', priority: 'HIGH', intervalMs: DAY_MS, share: 0.03 },
  { name: 'normal-1d', priority: 'NORMAL', intervalMs: DAY_MS, share: 0.06 },
  { name: 'normal-3d', priority: 'NORMAL', intervalMs: 3 * DAY_MS, share: 0.14 },
  { name: 'addresses-7d', priority: 'NORMAL', intervalMs: 7 * DAY_MS, share: 0.06 },
  { name: 'low-3d', priority: 'LOW', intervalMs: 3 * DAY_MS, share: 0.1 },
  { name: 'low-14d', priority: 'LOW', intervalMs: 14 * DAY_MS, share: 0.2 },
  { name: 'low-7d', priority: 'LOW', intervalMs: 7 * DAY_MS, share: 0.4 },
] as const;
/** So many of low-7d are on high-1d as well. */
const SHARED = 0.02;
const RANKS: readonly Priority[] = ['LOW', 'NORMAL', 'HIGH'];

/** Names without IPv6: seven of ten, chosen by their number. */
export function hasIpv6({ type, value }: CanonicalObservable): boolean {
  return type === 'domain' && Number(/\d+/.exec(value)?.[0]) % 10 >= 7;
}

export function monthLists(total: number): MonthList[] {
  let used = 0;
  const lists = SHAPE.map(({ share, ...list }, index) => {
    const last = index === SHAPE.length - 1;
    const count = last ? total - used : Math.round(total * share);
    const from = used;
    used += count;
    const observables = Array.from({ length: count }, (_, at) => observable(list.name, from + at));
    return { ...list, observables };
  });
  const shared = lists.at(-1)?.observables.slice(0, Math.round(total * SHARED)) ?? [];
  return lists.map((list) =>
    list.name === 'high-1d' ? { ...list, observables: [...list.observables, ...shared] } : list,
  );
}

/** What each observable gets from its lists together: the highest priority, the shortest interval. */
export function watchedIn(lists: readonly MonthList[]): Map<string, Watched> {
  const all = new Map<string, Watched>();
  for (const { priority, intervalMs, observables } of lists) {
    for (const observable of observables) {
      const other = all.get(observable.value);
      all.set(observable.value, {
        observable,
        priority: higher(priority, other?.priority ?? priority),
        intervalMs: Math.min(intervalMs, other?.intervalMs ?? intervalMs),
        callsEach: hasIpv6(observable) ? 2 : 1,
        callsAtFirst: observable.type === 'domain' ? 2 : 1,
      });
    }
  }
  return all;
}

/** Calls of the month if nothing were held back: first fetches, and refreshes ever after. */
export function plannedCalls(watched: Iterable<Watched>): number {
  let calls = 0;
  for (const { intervalMs, callsEach, callsAtFirst } of watched) {
    calls += callsAtFirst + (callsEach * MONTH_DAYS * DAY_MS) / intervalMs;
  }
  return Math.round(calls);
}

function observable(list: string, number: number): CanonicalObservable {
  return list === 'addresses-7d'
    ? { type: 'ip', value: `198.18.${number >> 8}.${number & 255}` }
    : { type: 'domain', value: `host${number}.example.com` };
}

function higher(one: Priority, other: Priority): Priority {
  return RANKS.indexOf(one) > RANKS.indexOf(other) ? one : other;
}
