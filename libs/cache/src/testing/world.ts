import { MemoryFlightBoard } from '../boards/memory.flight-board.js';
import type { CacheOptions, LoadPlan } from '../cache.js';
import { Cache } from '../cache.js';
import type { BodyCodec } from '../codec.js';
import type { FailureCodec, Fetched } from '../flights.js';
import { MemoryStore } from '../stores/memory.store.js';
import type { TestBus } from './test-bus.js';
import { TestChannel } from './test-bus.js';
import { TestStore } from './test-store.js';

export const FRESH_MS = 60_000;
export const KEEP_MS = 600_000;

export const textCodec: BodyCodec<string> = {
  encode: (value) => Buffer.from(value),
  decode: (body) => body.toString(),
};

const messageCodec: FailureCodec = {
  encode: (error) => (error instanceof Error ? error.message : 'not an error'),
  decode: (text) => new Error(text),
};

export interface TestProcess {
  readonly cache: Cache<string>;
  readonly bus: TestBus;
}

/** What several processes share, in one: a clock, a store, a board, a channel. */
export class World {
  now = 1_750_000_000_000;
  readonly clock = (): number => this.now;
  readonly store = new TestStore(new MemoryStore(this.clock));
  readonly board = new MemoryFlightBoard(this.clock);
  readonly channel = new TestChannel();
  readonly troubles: string[] = [];

  process(options: Partial<CacheOptions<string>> = {}): TestProcess {
    const bus = this.channel.open();
    const cache = new Cache<string>({
      store: this.store,
      board: this.board,
      bus,
      codec: textCodec,
      failures: messageCodec,
      clock: this.clock,
      random: () => 0,
      memoryEntries: 100,
      onTrouble: (trouble) => this.troubles.push(trouble),
      ...options,
    });
    return { cache, bus };
  }
}

/** What is fetched, counted: `value 1`, `value 2` and so on, or what a test says. */
export class Origin {
  calls = 0;
  /** What the calls wait for. */
  gate: Promise<unknown> = Promise.resolve();
  failure: Error | undefined;
  readonly #fetched: Partial<Fetched<string>>;

  constructor(fetched: Partial<Fetched<string>> = {}) {
    this.#fetched = fetched;
  }

  readonly fetch = async (): Promise<Fetched<string>> => {
    this.calls += 1;
    const value = `value ${this.calls}`;
    await this.gate;
    if (this.failure !== undefined) {
      throw this.failure;
    }
    return { value, negative: false, freshMs: FRESH_MS, keepMs: KEEP_MS, ...this.#fetched };
  };

  /** Any held entry will do. */
  get plan(): LoadPlan<string> {
    return { satisfies: () => true, fetch: this.fetch };
  }

  /** Only a new one will do. */
  get freshPlan(): LoadPlan<string> {
    return { satisfies: () => false, fetch: this.fetch };
  }
}
