import { eventOf } from './audit-event.js';
import type { AuditDraft, AuditEvent, AuditResult } from './audit-event.js';
import type { AuditFilter, AuditPage, AuditQuery, AuditStore } from './audit-store.port.js';
import { AuditError } from './errors.js';

/** How something ended that was begun. */
export type Ending = Exclude<AuditResult, 'unknown'>;

/** `lost`: an event was not written; `open`: how one ended was not. */
export type AuditTrouble = 'lost' | 'open';

export interface AuditLogParts {
  readonly store: AuditStore;
  readonly clock: () => number;
  /** Url-safe random characters. */
  readonly newId: () => string;
  /** Told of each event that is missing or without an end, to be logged and counted. */
  readonly onTrouble: (trouble: AuditTrouble, error: unknown) => void;
  /** Notes on their way to Redis at once; more are lost. 1,000 unless said. */
  readonly mostPending?: number;
}

const MOST_PENDING = 1_000;

/**
 * Who did what. What changes something is written down before it is done: what cannot be written
 * down is not done. A denial changes nothing, so it is noted beside, and waits for nothing.
 */
export class AuditLog {
  readonly #parts: AuditLogParts;
  readonly #pending = new Set<Promise<void>>();

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
  }

  /**
   * Does something that must be in the log: an event before, its end after.
   *
   * @param endingOf how it ended, told by what came of it; what throws has `failed`
   * @throws AuditError `unwritable` before anything is done; else what `work` throws
   */
  async guarded<T>(
    draft: AuditDraft,
    work: () => Promise<T>,
    endingOf: (value: T) => Ending,
  ): Promise<T> {
    const id = await this.#begin(draft);
    let ending: Ending = 'failed';
    try {
      const value = await work();
      ending = endingOf(value);
      return value;
    } finally {
      await this.#conclude(id, ending);
    }
  }

  /** Notes what was not done: an attempt that was denied. Never throws, waits for nothing. */
  note(draft: AuditDraft, result: Extract<AuditResult, 'denied' | 'refused'>): void {
    if (this.#pending.size >= (this.#parts.mostPending ?? MOST_PENDING)) {
      this.#parts.onTrouble('lost', new AuditError('unwritable', 'Too many notes are waiting'));
      return;
    }
    const writing = this.#append(draft, result).then(
      () => undefined,
      (error: unknown) => {
        this.#parts.onTrouble('lost', error);
      },
    );
    this.#pending.add(writing);
    void writing.finally(() => this.#pending.delete(writing));
  }

  /** Until what was noted so far is written or lost. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async find(id: string): Promise<AuditEvent | undefined> {
    return this.#parts.store.find(id);
  }

  /** Newest first. @throws AuditError `bad_cursor` */
  async page(query: AuditQuery): Promise<AuditPage> {
    return this.#parts.store.page(query);
  }

  async count(filter?: AuditFilter): Promise<number> {
    return this.#parts.store.count(filter);
  }

  async #begin(draft: AuditDraft): Promise<string> {
    try {
      return await this.#append(draft, 'unknown');
    } catch (cause) {
      this.#parts.onTrouble('lost', cause);
      throw new AuditError('unwritable', 'The audit log cannot be written', { cause });
    }
  }

  /** It is done already: an end that cannot be written leaves the event at `unknown`. */
  async #conclude(id: string, ending: Ending): Promise<void> {
    try {
      await this.#parts.store.conclude(id, ending);
    } catch (error) {
      this.#parts.onTrouble('open', error);
    }
  }

  async #append(draft: AuditDraft, result: AuditResult): Promise<string> {
    const id = `ae_${this.#parts.newId()}`;
    await this.#parts.store.append(eventOf(draft, { id, at: this.#parts.clock(), result }));
    return id;
  }
}
