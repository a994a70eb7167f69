import type { Clock } from './clock.port.js';
import { decodeEntry, encodeEntry } from './codec.js';
import type { BodyCodec } from './codec.js';
import type { Entry } from './entry.js';
import { stateOf } from './entry.js';
import type { FlightBoard } from './flight-board.port.js';
import { DEFAULT_FLIGHT_TIMES, Flights } from './flights.js';
import type { FailureCodec, Fetched, FlightTimes, Landing } from './flights.js';
import type { InvalidationBus } from './invalidation-bus.port.js';
import { MemoryTier } from './memory-tier.js';
import type { CacheStore } from './store.port.js';

/** Where the cache had trouble with its store; the caller was served without it. */
export type CacheTrouble = 'read' | 'write' | 'board' | 'bus';

export interface CacheOptions<V> {
  readonly store: CacheStore;
  readonly board: FlightBoard;
  readonly bus: InvalidationBus;
  readonly codec: BodyCodec<V>;
  readonly failures: FailureCodec;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of lives: what was written together does not end together. */
  readonly random: () => number;
  readonly memoryEntries: number;
  readonly memoryBytes?: number;
  readonly flightTimes?: FlightTimes;
  readonly onTrouble: (trouble: CacheTrouble, error: unknown) => void;
}

/** How to bring an answer when what is held will not do. */
export interface LoadPlan<V> {
  /** Whether a held entry answers the caller. Called for live entries only. */
  readonly satisfies: (entry: Entry<V>) => boolean;
  /** Asks the origin; gets what is held, to build on. Its failure reaches all who wait. */
  readonly fetch: (held: Entry<V> | undefined) => Promise<Fetched<V>>;
}

/** An entry as it lies in the store. */
export interface Inspected<V> {
  readonly entry: Entry<V>;
  /** Of its stored form. */
  readonly bytes: number;
}

export interface Loaded<V> {
  readonly entry: Entry<V>;
  /** True for the one caller whose process asked the origin for this. */
  readonly fetched: boolean;
  /** What went wrong although there is an entry; shared by all callers of the process. */
  readonly problem?: Error;
}

/** A flight of another process has ended; all who waited for it here have the same object. */
type Elsewhere = Extract<Landing<unknown>, { kind: 'elsewhere' }>;

/** Share of a life that jitter may take off. */
const JITTER = 0.1;
const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;
/** A caller whose need grew while it waited flies itself at the latest after so many flights. */
const MOST_JOINS = 4;

/**
 * A two-tier cache: memory, then a shared store. Reading never fails and never waits for the
 * origin; `load` does the latter, once for all who ask at a time, in all processes.
 */
export class Cache<V> {
  readonly #options: CacheOptions<V>;
  readonly #memory: MemoryTier<V>;
  readonly #flights: Flights<Loaded<V>>;
  /** What was read after a landing in another process, as long as somebody holds the landing. */
  readonly #readings = new WeakMap<Elsewhere, Promise<Entry<V> | undefined>>();

  constructor(options: CacheOptions<V>) {
    this.#options = options;
    const limits = {
      entries: options.memoryEntries,
      bytes: options.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    };
    this.#memory = new MemoryTier(limits, options.clock, options.bus);
    this.#flights = new Flights<Loaded<V>>(
      options.board,
      options.failures,
      options.flightTimes ?? DEFAULT_FLIGHT_TIMES,
      (error) => {
        options.onTrouble('board', error);
      },
    );
  }

  /** Flights in the air and entries in memory of this process, for metrics. */
  get gauges(): { readonly flights: number; readonly memoryEntries: number } {
    return { flights: this.#flights.size, memoryEntries: this.#memory.size };
  }

  /** The live entry in memory, if it may be believed without asking the store. */
  peekMemory(key: string): Entry<V> | undefined {
    return this.#live(this.#memory.trusted(key));
  }

  /** The live entries of the keys, in their order: memory first, then one read of the store. */
  async peek(keys: readonly string[]): Promise<(Entry<V> | undefined)[]> {
    const found = keys.map((key) => this.peekMemory(key));
    const missing = keys.filter((_, index) => found[index] === undefined);
    if (missing.length > 0) {
      const read = await this.#read(missing);
      keys.forEach((key, index) => {
        found[index] ??= this.#live(read.get(key));
      });
    }
    return found;
  }

  /**
   * An entry that satisfies the plan: held, brought by a flight under way, or fetched now.
   *
   * @throws what the plan's fetch threw, also when another process' fetch did.
   */
  async load(key: string, plan: LoadPlan<V>): Promise<Loaded<V>> {
    for (let joins = 0; ; joins += 1) {
      const flight = joins < MOST_JOINS ? this.#flights.join(key) : undefined;
      if (flight === undefined) {
        const own = await this.#start(key, plan);
        if (own !== undefined) {
          return own;
        }
      } else {
        const joined = await this.#joined(key, flight, plan);
        if (joined !== undefined) {
          return joined;
        }
      }
    }
  }

  /**
   * What the store holds of the keys, with its size; for people who look on, so memory is neither
   * believed nor filled. Whether it still lives is theirs to judge.
   *
   * @throws when the store is away.
   */
  async inspect(keys: readonly string[]): Promise<(Inspected<V> | undefined)[]> {
    const { store, codec } = this.#options;
    const stored = await store.getMany(keys);
    return stored.map((bytes) => {
      const entry = bytes === null ? undefined : decodeEntry(bytes, codec);
      return bytes === null || entry === undefined ? undefined : { entry, bytes: bytes.length };
    });
  }

  /** The store's keys with a prefix, see {@link CacheStore.keys}. */
  keys(prefix: string): AsyncIterable<readonly string[]> {
    return this.#options.store.keys(prefix);
  }

  /** Forgets the keys in all tiers and processes. Returns how many the store held. */
  async drop(keys: readonly string[]): Promise<number> {
    this.#memory.forget(keys);
    const dropped = await this.#options.store.delete(keys);
    await this.#announce(keys);
    return dropped;
  }

  async #start(key: string, plan: LoadPlan<V>): Promise<Loaded<V> | undefined> {
    const landing = await this.#flights.start(key, async () => {
      // Looked at again with the key in hand: another process may have landed a moment ago.
      const held = (await this.#read([key])).get(key);
      const live = this.#live(held);
      if (live !== undefined && plan.satisfies(live)) {
        return { entry: live, fetched: false };
      }
      return this.#store(key, await plan.fetch(live));
    });
    return landing.kind === 'own' ? landing.result : this.#held(key, plan, landing);
  }

  async #joined(
    key: string,
    flight: Promise<Landing<Loaded<V>>>,
    plan: LoadPlan<V>,
  ): Promise<Loaded<V> | undefined> {
    const landing = await flight;
    if (landing.kind === 'elsewhere') {
      return this.#held(key, plan, landing);
    }
    return answer(landing.result.entry, plan, landing.result.problem);
  }

  async #held(key: string, plan: LoadPlan<V>, landing: Elsewhere): Promise<Loaded<V> | undefined> {
    const live = this.#live(await this.#readAfter(landing, key));
    return live && answer(live, plan, landing.problem);
  }

  /** One read for the whole crowd of a landing: a thousand at once would keep Redis from answering. */
  #readAfter(landing: Elsewhere, key: string): Promise<Entry<V> | undefined> {
    const read = this.#readings.get(landing) ?? this.#read([key]).then((found) => found.get(key));
    this.#readings.set(landing, read);
    return read;
  }

  async #store(key: string, fetched: Fetched<V>): Promise<Loaded<V>> {
    const now = this.#options.clock();
    const factor = 1 - JITTER * this.#options.random();
    const entry: Entry<V> = {
      value: fetched.value,
      fetchedAt: now,
      freshUntil: now + fetched.freshMs * factor,
      keepUntil: now + fetched.keepMs,
      negative: fetched.negative,
    };
    const bytes = encodeEntry(entry, this.#options.codec);
    this.#memory.write(key, entry, bytes.length);
    try {
      const written = await this.#options.store.put(key, bytes, fetched.keepMs);
      if (!written) {
        // Somebody fetched later than we did: theirs is the one to serve.
        this.#memory.forget([key]);
      }
    } catch (error) {
      this.#options.onTrouble('write', error);
    }
    await this.#announce([key]);
    return { entry, fetched: true, ...(fetched.problem && { problem: fetched.problem }) };
  }

  async #announce(keys: readonly string[]): Promise<void> {
    await this.#options.bus.publish(keys).catch((error: unknown) => {
      this.#options.onTrouble('bus', error);
    });
  }

  /** Reads the store and remembers; what memory still has stands in when the store is away. */
  async #read(keys: readonly string[]): Promise<Map<string, Entry<V>>> {
    const found = new Map<string, Entry<V>>();
    const { changes } = this.#memory;
    let stored: (Buffer | null)[];
    try {
      stored = await this.#options.store.getMany(keys);
    } catch (error) {
      this.#options.onTrouble('read', error);
      return this.#lastResort(keys);
    }
    keys.forEach((key, index) => {
      const bytes = stored[index];
      const entry = bytes ? decodeEntry(bytes, this.#options.codec) : undefined;
      if (bytes && entry) {
        found.set(key, entry);
        if (this.#memory.changes === changes) {
          this.#memory.remember(key, entry, bytes.length);
        }
      }
    });
    return found;
  }

  #lastResort(keys: readonly string[]): Map<string, Entry<V>> {
    const found = new Map<string, Entry<V>>();
    for (const key of keys) {
      const entry = this.#memory.any(key);
      if (entry !== undefined) {
        found.set(key, entry);
      }
    }
    return found;
  }

  #live(entry: Entry<V> | undefined): Entry<V> | undefined {
    return entry !== undefined && stateOf(entry, this.#options.clock()) !== 'absent'
      ? entry
      : undefined;
  }
}

/** The answer for one who waited; undefined when it must ask again itself. */
function answer<V>(
  entry: Entry<V>,
  plan: LoadPlan<V>,
  problem: Error | undefined,
): Loaded<V> | undefined {
  if (problem !== undefined) {
    // That flight brought what could be had: asking again at once would not bring more.
    return { entry, fetched: false, problem };
  }
  return plan.satisfies(entry) ? { entry, fetched: false } : undefined;
}
