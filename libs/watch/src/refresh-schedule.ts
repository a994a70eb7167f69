import type { CanonicalObservable } from '#observables';

import { chooseClaims } from './claim-order.js';
import type { Candidate, ClaimCaps } from './claim-order.js';
import type { Entry } from './entry.js';
import type {
  DueReader,
  EntryChange,
  EntryStore,
  Holdings,
  MemberReader,
} from './entry-store.port.js';
import { WatchError } from './fault.js';
import { keyOf, observableOf } from './observable-key.js';
import type { ObservableKey } from './observable-key.js';
import { activeRules, effectiveRule } from './schedule.js';
import type { ListRule, RuleBook, ScheduleTuning } from './schedule.js';
import { dueRange, instantOf } from './state-index.js';
import type { Phase } from './state.js';
import { claim, isAsked, release, replan, settle, takeBack } from './transitions.js';
import type { Circumstances, Settlement } from './transitions.js';
import type { Priority } from './watchlist.js';

/** What a worker took upon itself. */
export interface Claim {
  readonly observable: CanonicalObservable;
  readonly priority: Priority;
  /** Nothing is known of it yet. */
  readonly first: boolean;
  /** An operator made it due; not told of one that failed last time. */
  readonly asked: boolean;
  readonly dueAt: number;
  /** Until it must be settled; epoch milliseconds. */
  readonly leaseUntil: number;
  /** Milliseconds; the shortest interval among the lists for which it is refreshed. */
  readonly intervalMs: number;
  /** The lists for which it is refreshed. */
  readonly watchlistIds: readonly string[];
}

export interface DueFigures {
  /** By priority; an observable on several lists counts on each. */
  readonly byPriority: Readonly<Record<Priority, number>>;
  /** Their sum: here too an observable counts once for each of its lists. */
  readonly total: number;
  /** Since when the one that waits longest is due; null when nothing is. */
  readonly oldestDueAt: number | null;
}

export interface RefreshScheduleParts {
  readonly entries: EntryStore;
  readonly members: MemberReader;
  readonly due: DueReader;
  readonly clock: () => number;
  readonly tuning: ScheduleTuning;
}

const CLAIMABLE: readonly Exclude<Phase, 'REFRESHING'>[] = [
  'PENDING',
  'SCHEDULED',
  'HELD',
  'FAILING',
];
/** Bookings in one go. */
const BATCH = 500;
const ATTEMPTS = 20;

type Step = (entry: Entry, around: Circumstances) => Entry;

/** The worker's side: what is due, who has it, how it ended. Safe over any number of processes. */
export class RefreshSchedule {
  readonly #parts: RefreshScheduleParts;

  constructor(parts: RefreshScheduleParts) {
    this.#parts = parts;
  }

  /**
   * Takes what is due, at most `limit`, for {@link ScheduleTuning.leaseMs}: nobody else gets it
   * meanwhile. It takes less when another process was quicker. `caps` hold up what is due: they bind
   * each call for itself.
   */
  async claimDue(now: number, limit: number, caps: ClaimCaps = {}): Promise<Claim[]> {
    await this.bookExpiries(now);
    const rules = enabledRules(await this.#parts.due.allRules());
    const candidates = await this.#candidates(rules, now, limit);
    if (candidates.length === 0) {
      return [];
    }
    const turn = await this.#parts.due.takeTurns(limit);
    const chosen = chooseClaims(candidates, limit, turn, caps);
    const holdings = await this.#parts.entries.load(chosen.map(({ key }) => key));
    // Unchanged: another process has it since.
    const changes = this.#changes(holdings, now, claim).filter(
      ({ before, after }) => after !== before?.entry,
    );
    const saved = await this.#parts.entries.saveEach(changes, now);
    const claimed = new Map(
      changes.flatMap(({ key, after }) => (saved.has(key) && after ? [[key, after] as const] : [])),
    );
    return chosen.flatMap((candidate) => claimOf(candidate, claimed, holdings.rules, now) ?? []);
  }

  /**
   * Books how a refresh ended, claimed or not. Safe to repeat with the same `at` for `ok`.
   *
   * @returns false when nobody watches it (any more). @throws WatchError `contended`
   */
  async settle(observable: CanonicalObservable, end: Settlement): Promise<boolean> {
    return this.#alter(observable, (entry, around) => settle(entry, end, around));
  }

  /** Makes due again what was claimed and not settled in time. @returns how many */
  async requeueExpiredLeases(now: number): Promise<number> {
    return this.#sweep(
      () => this.#parts.due.expiredLeases(now, BATCH),
      now,
      (entry) => release(entry, now),
    );
  }

  /**
   * What was claimed at this instant or before and is not settled since, at most 500, oldest
   * first. For whoever can tell which of them were lost with their process.
   */
  async claimed(before: number): Promise<CanonicalObservable[]> {
    const keys = await this.#parts.due.expiredLeases(before + this.#parts.tuning.leaseMs, BATCH);
    return keys.flatMap((key) => observableOf(key) ?? []);
  }

  /** Makes due again what was {@link claimed}. @returns how many; others were settled meanwhile */
  async giveBack(observables: readonly CanonicalObservable[], before: number): Promise<number> {
    const now = this.#parts.clock();
    const end = before + this.#parts.tuning.leaseMs;
    const holdings = await this.#parts.entries.load(observables.map(keyOf));
    const changes = this.#changes(holdings, now, (entry) => takeBack(entry, end, now));
    const lost = changes.filter(({ before: held, after }) => after !== held?.entry);
    return (await this.#parts.entries.saveEach(lost, now)).size;
  }

  /** Moves what has expired out of the way; claims do it by themselves. @returns how many */
  async bookExpiries(now: number): Promise<number> {
    return this.#sweep(() => this.#parts.due.unbookedExpiries(now, BATCH), now, replan);
  }

  async dueCount(now: number): Promise<DueFigures> {
    const rules = enabledRules(await this.#parts.due.allRules());
    const asked = rangesOf(rules, now);
    const [counts, oldest] = await Promise.all([
      this.#parts.members.countRanges(asked),
      this.#parts.members.inRanges(asked.map((one) => ({ ...one, limit: 1 }))),
    ]);
    const byPriority: Record<Priority, number> = { LOW: 0, NORMAL: 0, HIGH: 0 };
    for (const [index, { rule }] of asked.entries()) {
      byPriority[rule.priority] += counts[index] ?? 0;
    }
    const instants = oldest.flat().map(({ score }) => instantOf(score));
    return {
      byPriority,
      total: byPriority.LOW + byPriority.NORMAL + byPriority.HIGH,
      oldestDueAt: instants.length === 0 ? null : instants.reduce((a, b) => Math.min(a, b)),
    };
  }

  async #candidates(rules: readonly ListRule[], now: number, limit: number): Promise<Candidate[]> {
    // With many lists a share of each will do: the rest comes with the next call.
    const each = Math.min(limit, Math.max(10, Math.ceil((4 * limit) / (rules.length + 1))));
    const asked = rangesOf(rules, now).map((one) => ({ ...one, limit: each }));
    const found = await this.#parts.members.inRanges(asked);
    return asked.flatMap(({ rule, phase }, index) =>
      (found[index] ?? []).map(({ key, score }) => ({
        key,
        priority: rule.priority,
        first: phase === 'PENDING',
        again: phase === 'HELD',
        dueAt: instantOf(score),
      })),
    );
  }

  async #alter(observable: CanonicalObservable, step: Step): Promise<boolean> {
    const key = keyOf(observable);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const now = this.#parts.clock();
      const holdings = await this.#parts.entries.load([key]);
      if (!holdings.entries.has(key)) {
        return false;
      }
      const saved = await this.#parts.entries.saveEach(this.#changes(holdings, now, step), now);
      if (saved.has(key)) {
        return true;
      }
    }
    throw new WatchError('contended', 'A watched observable kept changing');
  }

  async #sweep(
    find: () => Promise<readonly ObservableKey[]>,
    now: number,
    step: Step,
  ): Promise<number> {
    let swept = 0;
    for (;;) {
      const keys = await find();
      const holdings = await this.#parts.entries.load(keys);
      const saved = await this.#parts.entries.saveEach(this.#changes(holdings, now, step), now);
      swept += saved.size;
      // Nothing saved: others do the same; they will be done.
      if (keys.length < BATCH || saved.size === 0) {
        return swept;
      }
    }
  }

  #changes({ entries, rules }: Holdings, now: number, step: Step): EntryChange[] {
    const around = { now, rules, tuning: this.#parts.tuning };
    return [...entries].map(([key, before]) => ({
      key,
      before,
      after: step(before.entry, around),
    }));
  }
}

function enabledRules(rules: RuleBook): ListRule[] {
  return [...rules.values()].filter((rule) => rule.enabled);
}

function rangesOf(rules: readonly ListRule[], now: number) {
  return rules.flatMap((rule) =>
    CLAIMABLE.map((phase) => ({ rule, phase, no: rule.no, range: dueRange(phase, now) })),
  );
}

function claimOf(
  candidate: Candidate,
  claimed: ReadonlyMap<ObservableKey, Entry>,
  rules: RuleBook,
  now: number,
): Claim | undefined {
  const entry = claimed.get(candidate.key);
  const observable = observableOf(candidate.key);
  const rule = entry && effectiveRule(entry.memberships, rules, now);
  return entry?.facts.leased === true && rule !== undefined && observable !== undefined
    ? {
        observable,
        priority: candidate.priority,
        first: entry.facts.lastRefreshedAt === null,
        asked: isAsked(entry.facts),
        intervalMs: rule.intervalMs,
        dueAt: candidate.dueAt,
        leaseUntil: entry.facts.nextAt,
        watchlistIds: activeRules(entry.memberships, rules, now).map(({ id }) => id),
      }
    : undefined;
}
