import type { CallResult } from './call.js';
import type { BookingStore, Entry, Settlement } from './ledger-store.port.js';

/** Calls remembered at most while the store is away; some 20 MB. */
const MOST = 50_000;
/** Of these, calls that were refused: background work must not fill what analysts' calls need. */
const MOST_REFUSED = 10_000;
const AT_ONCE = 500;

/** What could not be told to the store, until it can. One process' own; it dies with it. */
export class Backlog {
  readonly #store: BookingStore;
  readonly #onTrouble: (error: unknown) => void;
  /** Calls made uncounted that are still under way, by id. */
  readonly #open = new Map<string, Settlement['unbooked'] & { readonly tenant: string }>();
  #waiting: { readonly tenant: string; readonly settlement: Settlement }[] = [];
  #isFlushing = false;

  constructor(store: BookingStore, onTrouble: (error: unknown) => void) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  get isFull(): boolean {
    return this.#open.size + this.#waiting.length >= MOST;
  }

  /** A call is made without having been booked. */
  open(id: string, tenant: string, entry: Entry, watchlistId: string | null): void {
    this.#open.set(id, { tenant, entry, watchlistId });
  }

  /** Closes a call that was made uncounted; false for any other. */
  close(id: string, result: CallResult): boolean {
    const made = this.#open.get(id);
    if (made === undefined) {
      return false;
    }
    this.#open.delete(id);
    const { tenant, ...unbooked } = made;
    this.keep(tenant, { id, result, unbooked, mayArrive: true });
    return true;
  }

  /** Remembers what to settle; what does not fit is left to the sweep. */
  keep(tenant: string, settlement: Settlement): void {
    const most = settlement.result === 'never_made' ? MOST_REFUSED : MOST;
    if (this.#waiting.length < most) {
      this.#waiting.push({ tenant, settlement });
    }
  }

  /** Tells the store all that waits; what it does not take waits on. Never rejects. */
  async flush(): Promise<void> {
    if (this.#isFlushing) {
      return;
    }
    this.#isFlushing = true;
    try {
      while (this.#waiting.length > 0) {
        await this.#flushSome();
      }
    } catch (error) {
      this.#onTrouble(error);
    } finally {
      this.#isFlushing = false;
    }
  }

  async #flushSome(): Promise<void> {
    const tenant = this.#waiting[0]?.tenant ?? '';
    const some = this.#waiting.filter((one) => one.tenant === tenant).slice(0, AT_ONCE);
    await this.#store.settle(
      tenant,
      some.map(({ settlement }) => settlement),
    );
    const told = new Set(some);
    this.#waiting = this.#waiting.filter((one) => !told.has(one));
  }
}
