import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MemoryFlightBoard } from './boards/memory.flight-board.js';
import type { Loaded, LoadPlan } from './cache.js';
import type { FlightBoard } from './flight-board.port.js';
import { DEFAULT_FLIGHT_TIMES } from './flights.js';
import type { TestProcess } from './testing/world.js';
import { Origin, World } from './testing/world.js';

const CROWD = 1_000;
const { leaseMs, crowdMs } = DEFAULT_FLIGHT_TIMES;

let world: World;
let unhandled: unknown[];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  world = new World();
  unhandled = [];
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  await nextTurn();
  await nextTurn();
  process.off('unhandledRejection', note);
  if (unhandled.length > 0) {
    throw new Error('a rejection was not handled', { cause: unhandled[0] });
  }
});

/** As many callers as a crowd has, spread over the processes. */
function crowd(plan: LoadPlan<string>, ...processes: TestProcess[]): Promise<Loaded<string>>[] {
  return Array.from({ length: CROWD }, (_, index) => {
    const { cache } = processes[index % processes.length] ?? world.process();
    return cache.load('key', plan);
  });
}

/** How often each message was the failure; `none` counts the successes. */
async function failures(loads: Promise<unknown>[]): Promise<Record<string, number>> {
  const count: Record<string, number> = {};
  for (const settled of await Promise.allSettled(loads)) {
    const reason = settled.status === 'rejected' ? (settled.reason as Error).message : 'none';
    count[reason] = (count[reason] ?? 0) + 1;
  }
  return count;
}

function gated(): { origin: Origin; open: () => void } {
  const origin = new Origin();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  origin.gate = promise;
  return {
    origin,
    open: () => {
      resolve(undefined);
    },
  };
}

describe('a crowd in one process', () => {
  it('is served by one fetch', async () => {
    const one = world.process();
    const { origin, open } = gated();
    const loads = crowd(origin.plan, one);
    expect(one.cache.gauges.flights).toBe(1);
    open();
    const loaded = await Promise.all(loads);
    expect(origin.calls).toBe(1);
    expect(new Set(loaded.map(({ entry }) => entry.value))).toEqual(new Set(['value 1']));
    expect(loaded.filter(({ fetched }) => fetched)).toHaveLength(1);
    expect(one.cache.gauges.flights).toBe(0);
  });

  it('shares the failure of one fetch', async () => {
    const one = world.process();
    const { origin, open } = gated();
    origin.failure = new Error('upstream is away');
    const loads = crowd(origin.plan, one);
    open();
    await expect(failures(loads)).resolves.toEqual({ 'upstream is away': CROWD });
    expect(origin.calls).toBe(1);
  });

  it('does not keep other keys waiting', async () => {
    const { cache } = world.process();
    const { origin, open } = gated();
    const slow = cache.load('slow', origin.plan);
    await expect(cache.load('other', new Origin().plan)).resolves.toBeDefined();
    open();
    await slow;
  });

  it('shares what went wrong although there is a value, without asking again', async () => {
    const { cache } = world.process();
    const problem = new Error('the second page failed');
    const origin = new Origin({ problem });
    const deep: LoadPlan<string> = { satisfies: () => false, fetch: origin.fetch };
    const loaded = await Promise.all([1, 2, 3].map(() => cache.load('key', deep)));
    expect(loaded.map((one) => one.problem)).toEqual([problem, problem, problem]);
    expect(origin.calls).toBe(1);
  });
});

describe('a crowd in two processes', () => {
  it('is served by one fetch', async () => {
    const [one, two] = [world.process(), world.process()];
    const { origin, open } = gated();
    const loads = crowd(origin.plan, one, two);
    open();
    const loaded = await Promise.all(loads);
    expect(origin.calls).toBe(1);
    expect(new Set(loaded.map(({ entry }) => entry.value))).toEqual(new Set(['value 1']));
    expect(loaded.filter(({ fetched }) => fetched)).toHaveLength(1);
  });

  it('shares the failure of one fetch, as text', async () => {
    const [one, two] = [world.process(), world.process()];
    const { origin, open } = gated();
    origin.failure = new Error('upstream is away');
    const loads = crowd(origin.plan, one, two);
    open();
    await expect(failures(loads)).resolves.toEqual({ 'upstream is away': CROWD });
    expect(origin.calls).toBe(1);
  });

  it('shares what went wrong although there is a value', async () => {
    const [one, two] = [world.process(), world.process()];
    const origin = new Origin({ problem: new Error('the second page failed') });
    const deep: LoadPlan<string> = { satisfies: () => false, fetch: origin.fetch };
    const loaded = await Promise.all([one.cache.load('key', deep), two.cache.load('key', deep)]);
    expect(loaded.map(({ problem }) => problem?.message)).toEqual([
      'the second page failed',
      'the second page failed',
    ]);
    expect(origin.calls).toBe(1);
  });

  it('asks again when what the other one brought was lost', async () => {
    const [one, two] = [world.process(), world.process()];
    const { origin, open } = gated();
    const first = one.cache.load('key', origin.plan);
    const second = two.cache.load('key', origin.plan);
    await nextTurn();
    world.store.away = true;
    open();
    await first;
    await expect(second).resolves.toMatchObject({ entry: { value: 'value 2' }, fetched: true });
    expect(origin.calls).toBe(2);
  });
});

describe('a caller who needs more', () => {
  it('waits for the flight under way, then fetches itself', async () => {
    const { cache } = world.process();
    const { origin, open } = gated();
    const shallow = cache.load('key', origin.plan);
    const deep = cache.load('key', {
      satisfies: ({ value }) => value !== 'value 1',
      fetch: origin.fetch,
    });
    await nextTurn();
    expect(origin.calls).toBe(1);
    open();
    await expect(shallow).resolves.toMatchObject({ entry: { value: 'value 1' } });
    await expect(deep).resolves.toMatchObject({ entry: { value: 'value 2' }, fetched: true });
  });

  it('waits for that of another process, then fetches itself', async () => {
    const [one, two] = [world.process(), world.process()];
    const { origin, open } = gated();
    const shallow = one.cache.load('key', origin.plan);
    const deep = two.cache.load('key', {
      satisfies: ({ value }) => value !== 'value 1',
      fetch: origin.fetch,
    });
    await nextTurn();
    open();
    await expect(shallow).resolves.toMatchObject({ entry: { value: 'value 1' } });
    await expect(deep).resolves.toMatchObject({ entry: { value: 'value 2' }, fetched: true });
  });

  it('is served in the end, however many there are that nothing satisfies', async () => {
    const { cache } = world.process();
    const origin = new Origin();
    const loads = Array.from({ length: 12 }, () => cache.load('key', origin.freshPlan));
    const loaded = await Promise.all(loads);
    expect(loaded.every(({ fetched }) => fetched)).toBe(true);
    expect(origin.calls).toBe(12);
    expect(cache.gauges.flights).toBe(0);
  });
});

describe('after a failure', () => {
  const failing = (): Origin => {
    const origin = new Origin();
    origin.failure = new Error('upstream is away');
    return origin;
  };

  it('lets a lone caller try again at once', async () => {
    const { cache } = world.process();
    const origin = failing();
    await expect(cache.load('key', origin.plan)).rejects.toThrow('upstream is away');
    origin.failure = undefined;
    await expect(cache.load('key', origin.plan)).resolves.toMatchObject({ fetched: true });
    expect(origin.calls).toBe(2);
  });

  it('lets the rest of a crowd share it for a moment, in every process', async () => {
    const [one, two] = [world.process(), world.process()];
    const origin = failing();
    const loads = [one.cache.load('key', origin.plan), one.cache.load('key', origin.plan)];
    await expect(failures(loads)).resolves.toEqual({ 'upstream is away': 2 });
    world.now += crowdMs - 1;
    const late = [one.cache.load('key', origin.plan), two.cache.load('key', origin.plan)];
    await expect(failures(late)).resolves.toEqual({ 'upstream is away': 2 });
    expect(origin.calls).toBe(1);
    world.now += 1;
    origin.failure = undefined;
    await expect(two.cache.load('key', origin.plan)).resolves.toMatchObject({ fetched: true });
  });
});

describe('another process that holds the key', () => {
  it('is waited for while it lives, and replaced when its lease has ended', async () => {
    const { cache } = world.process();
    await world.board.take('key', 'flight of a dead process', leaseMs);
    const origin = new Origin();
    const load = cache.load('key', origin.plan);
    await nextTurn();
    expect(origin.calls).toBe(0);
    world.now += leaseMs;
    await expect(load).resolves.toMatchObject({ entry: { value: 'value 1' }, fetched: true });
  });

  it('is not waited for longer than a while, and keeps its lease', async () => {
    const flightTimes = { ...DEFAULT_FLIGHT_TIMES, waitMs: 30 };
    const { cache } = world.process({ flightTimes });
    await world.board.take('key', 'a flight without end', leaseMs);
    const begun = performance.now();
    await expect(cache.load('key', new Origin().plan)).resolves.toMatchObject({ fetched: true });
    expect(performance.now() - begun).toBeGreaterThan(25);
    await expect(world.board.holder('key')).resolves.toBe('a flight without end');
  });

  it('may have landed while the key was on its way', async () => {
    const { cache } = world.process();
    const board = new InterruptedBoard(world.board, 'key');
    const other = world.process({ board });
    await cache.load('key', new Origin().plan);
    const origin = new Origin();
    await expect(other.cache.load('key', origin.plan)).resolves.toMatchObject({
      entry: { value: 'value 1' },
      fetched: false,
    });
    expect(origin.calls).toBe(0);
  });
});

describe('a lease', () => {
  it('is renewed while the fetch runs, and no longer', async () => {
    const renewals: string[] = [];
    const twice = Promise.withResolvers<undefined>();
    const board = new MemoryFlightBoard(world.clock);
    const extend = board.extend.bind(board);
    board.extend = (key, flightId, ms) => {
      renewals.push(`${key} ${ms}`);
      if (renewals.length === 2) {
        twice.resolve(undefined);
      }
      return extend(key, flightId, ms);
    };
    const flightTimes = { ...DEFAULT_FLIGHT_TIMES, leaseMs: 30 };
    const { cache } = world.process({ board, flightTimes });
    const origin = new Origin();
    origin.gate = twice.promise;
    await cache.load('key', origin.plan);
    expect(renewals).toEqual(['key 30', 'key 30']);
    await expect(board.holder('key')).resolves.toBeNull();
  });
});

describe('without the board', () => {
  it('every process fetches for itself, once', async () => {
    const board = new AwayBoard();
    const flightTimes = { ...DEFAULT_FLIGHT_TIMES, leaseMs: 6 };
    const [one, two] = [
      world.process({ board, flightTimes, memoryEntries: 0 }),
      world.process({ board, flightTimes, memoryEntries: 0 }),
    ];
    const origin = new Origin();
    // Long enough for renewals to fail too.
    origin.gate = board.failed(4);
    const loaded = await Promise.all(crowd(origin.plan, one, two));
    expect(loaded).toHaveLength(CROWD);
    expect(origin.calls).toBe(2);
    expect(new Set(world.troubles)).toEqual(new Set(['board']));
  });

  it('a failure of the fetch is still the failure', async () => {
    const { cache } = world.process({ board: new AwayBoard() });
    const origin = new Origin();
    origin.failure = new Error('upstream is away');
    const loads = [cache.load('key', origin.plan), cache.load('key', origin.plan)];
    await expect(failures(loads)).resolves.toEqual({ 'upstream is away': 2 });
  });

  it('a wait for another process ends in a fetch of its own', async () => {
    const board = new AwayBoard();
    board.take = () => Promise.resolve('a flight elsewhere');
    const flightTimes = { ...DEFAULT_FLIGHT_TIMES, waitMs: 40 };
    const { cache } = world.process({ board, flightTimes });
    await expect(cache.load('key', new Origin().plan)).resolves.toMatchObject({ fetched: true });
  });
});

describe('without the store', () => {
  it('a crowd is served by one fetch all the same', async () => {
    const { cache } = world.process();
    world.store.away = true;
    const origin = new Origin();
    const loads = Array.from({ length: CROWD }, () => cache.load('key', origin.plan));
    await expect(failures(loads)).resolves.toEqual({ none: CROWD });
    expect(origin.calls).toBe(1);
  });
});

/** Fails every command. */
class AwayBoard implements FlightBoard {
  #failures = 0;
  #told: (() => void) | undefined;
  #enough = Infinity;

  /** Resolves when so many commands have failed. */
  failed(count: number): Promise<void> {
    this.#enough = count;
    return new Promise((resolve) => {
      this.#told = resolve;
    });
  }

  take = (): Promise<string> => this.#fail();
  extend = (): Promise<boolean> => this.#fail();
  land = (): Promise<void> => this.#fail();
  holder = (): Promise<string | null> => this.#fail();
  outcome = (): Promise<string | null> => this.#fail();

  #fail(): Promise<never> {
    this.#failures += 1;
    if (this.#failures >= this.#enough) {
      this.#told?.();
    }
    return Promise.reject(new Error('the board is away'));
  }
}

/** Tells once that a flight holds the key which nobody knows any more, as Redis may. */
class InterruptedBoard implements FlightBoard {
  #interrupted = false;
  readonly #board: FlightBoard;
  readonly #key: string;

  constructor(board: FlightBoard, key: string) {
    this.#board = board;
    this.#key = key;
  }

  take(key: string, flightId: string, ms: number): Promise<string> {
    if (key === this.#key && !this.#interrupted) {
      this.#interrupted = true;
      return Promise.resolve('gone');
    }
    return this.#board.take(key, flightId, ms);
  }

  extend(key: string, flightId: string, ms: number): Promise<boolean> {
    return this.#board.extend(key, flightId, ms);
  }

  land(key: string, flightId: string, outcome: string, lingerMs: number): Promise<void> {
    return this.#board.land(key, flightId, outcome, lingerMs);
  }

  holder(key: string): Promise<string | null> {
    return this.#board.holder(key);
  }

  outcome(flightId: string): Promise<string | null> {
    return this.#board.outcome(flightId);
  }
}
