import type { Entry } from './entry.js';
import { decodeMember } from './entry.codec.js';
import type { EntryChange, EntryStore, Guard, Holdings, MemberReader } from './entry-store.port.js';
import { WatchError } from './fault.js';
import type { Journal, JournalEntry } from './list-store.port.js';
import type { ObservableKey } from './observable-key.js';
import type { ScheduleTuning } from './schedule.js';
import { join, leave, replan } from './transitions.js';
import type { Circumstances } from './transitions.js';

/** Observables in one write: large enough to be quick, small enough that nobody waits for it. */
export const PART_SIZE = 500;
/** In order, none larger than one write takes. */
export function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / PART_SIZE) }, (_, index) =>
    items.slice(index * PART_SIZE, (index + 1) * PART_SIZE),
  );
}

/** Lost races for one write; each means that somebody else got on. */
const ATTEMPTS = 100;

export interface RollForwardParts {
  readonly journal: Journal;
  readonly entries: EntryStore;
  readonly members: MemberReader;
  readonly clock: () => number;
  readonly tuning: ScheduleTuning;
}

/** What becomes of one observable of a large change. */
type Step = (entry: Entry | undefined, around: Circumstances) => Entry | undefined;

/**
 * Does what the journal holds, in order, in bounded atomic writes. Any number of processes may do it
 * at once: every write names the part it does, and only the part that is next can be written.
 */
export class RollForward {
  readonly #parts: RollForwardParts;

  constructor(parts: RollForwardParts) {
    this.#parts = parts;
  }

  /** Until the journal is empty. @throws WatchError `contended` */
  async run(): Promise<void> {
    for (;;) {
      const entry = await this.#parts.journal.first();
      if (entry === undefined) {
        return;
      }
      await this.#finish(entry);
      await this.#parts.journal.close(entry);
    }
  }

  async #finish(entry: JournalEntry): Promise<void> {
    switch (entry.kind) {
      case 'add':
      case 'remove':
        return this.#doParts(entry);
      case 'replan':
        return this.#replanList(entry);
      case 'drop':
        return this.#dropList(entry);
    }
  }

  async #doParts(entry: JournalEntry): Promise<void> {
    for (;;) {
      const part = await this.#parts.journal.part(entry.id);
      if (part === undefined) {
        return;
      }
      const steps = stepsOf(entry, part.text);
      const guard: Guard = { kind: 'part', journalId: entry.id, part: part.mark };
      await this.#write(entry, steps, guard);
    }
  }

  async #replanList(entry: JournalEntry): Promise<void> {
    let after: ObservableKey | undefined;
    do {
      const range = { ...(after === undefined ? {} : { after }), limit: PART_SIZE };
      const keys = await this.#parts.members.keys(entry.no, range);
      const step: Step = (held, around) => held && replan(held, around);
      await this.#write(entry, new Map(keys.map((key) => [key, step])), head(entry));
      after = keys.at(-1);
    } while (after !== undefined);
  }

  async #dropList(entry: JournalEntry): Promise<void> {
    for (;;) {
      const keys = await this.#parts.members.keys(entry.no, { limit: PART_SIZE });
      const step: Step = (held, around) => held && leave(held, entry.no, around);
      const saved = await this.#write(entry, new Map(keys.map((key) => [key, step])), head(entry));
      if (keys.length === 0 || !saved) {
        return;
      }
    }
  }

  /** @returns false when another process has done it already */
  async #write(
    entry: JournalEntry,
    steps: ReadonlyMap<ObservableKey, Step>,
    guard: Guard,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const now = this.#parts.clock();
      const holdings = await this.#parts.entries.load([...steps.keys()], [entry.no]);
      const changes = changesOf(holdings, steps, { now, tuning: this.#parts.tuning });
      const saved = await this.#parts.entries.saveTogether(changes, [guard], now);
      if (saved !== 'raced') {
        return saved === 'saved';
      }
    }
    throw new WatchError('contended', 'A large change of a watchlist lost too many races');
  }
}

function head({ id }: JournalEntry): Guard {
  return { kind: 'journal', journalId: `${id} ` };
}

function changesOf(
  holdings: Holdings,
  steps: ReadonlyMap<ObservableKey, Step>,
  around: Omit<Circumstances, 'rules'>,
): EntryChange[] {
  return [...steps].flatMap(([key, step]): EntryChange[] => {
    const before = holdings.entries.get(key);
    const after = step(before?.entry, { ...around, rules: holdings.rules });
    return after === before?.entry ? [] : [{ key, before, after }];
  });
}

function stepsOf({ kind, no, size }: JournalEntry, part: string): Map<ObservableKey, Step> {
  const items = JSON.parse(part) as string[];
  if (kind === 'remove') {
    return new Map(items.map((key) => [key, (held, around) => held && leave(held, no, around)]));
  }
  return new Map(
    items.map((text) => {
      const { key, membership } = decodeMember(text);
      const place = { key, no, membership, batchSize: size };
      // The list may have been deleted since: then there is nothing to join.
      const step: Step = (held, around) =>
        around.rules.has(no) ? join(held, place, around) : held;
      return [key, step];
    }),
  );
}
