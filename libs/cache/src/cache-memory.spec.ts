import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { FRESH_MS, KEEP_MS, Origin, World } from './testing/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('memory', () => {
  it('is believed without a look into the store while it is told of writes', async () => {
    const { cache } = world.process();
    await cache.load('key', new Origin().plan);
    const { reads } = world.store;
    world.now += FRESH_MS - 1;
    await cache.peek(['key']);
    expect(world.store.reads).toBe(reads);
  });

  it('is believed for a second while it is not told', async () => {
    const { cache, bus } = world.process();
    bus.connected = false;
    await cache.load('key', new Origin().plan);
    world.now += 999;
    expect(cache.peekMemory('key')?.value).toBe('value 1');
    world.now += 1;
    expect(cache.peekMemory('key')).toBeUndefined();
    await expect(cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 1' }]);
    expect(cache.peekMemory('key')?.value).toBe('value 1');
  });

  it('forgets what another process writes', async () => {
    const [one, two] = [world.process(), world.process()];
    const origin = new Origin();
    await one.cache.load('key', origin.plan);
    await two.cache.peek(['key']);
    await one.cache.load('key', origin.freshPlan);
    await expect(two.cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 2' }]);
  });

  it('forgets only what was written', async () => {
    const [one, two] = [world.process(), world.process()];
    await one.cache.load('a', new Origin().plan);
    await two.cache.load('b', new Origin().plan);
    expect(one.cache.peekMemory('a')).toBeDefined();
  });

  it('is kept while the bus is lost, and empty when it is back, for it may have missed something', async () => {
    const { cache, bus } = world.process();
    await cache.load('key', new Origin().plan);
    bus.reconnect(false);
    expect(cache.gauges.memoryEntries).toBe(1);
    bus.reconnect(true);
    expect(cache.gauges.memoryEntries).toBe(0);
  });

  it('holds no more entries than it may, the latest ones', async () => {
    const { cache } = world.process({ memoryEntries: 2 });
    for (const key of ['a', 'b', 'c']) {
      await cache.load(key, new Origin().plan);
    }
    expect(cache.gauges.memoryEntries).toBe(2);
    expect(cache.peekMemory('a')).toBeUndefined();
    expect(cache.peekMemory('c')).toBeDefined();
    await expect(cache.peek(['a'])).resolves.toMatchObject([{ value: 'value 1' }]);
  });

  it('holds no more bytes than it may', async () => {
    const { cache } = world.process({ memoryBytes: 200 });
    await cache.load('small', new Origin({ value: 'x' }).plan);
    await cache.load('large', new Origin({ value: 'x'.repeat(200) }).plan);
    expect(cache.peekMemory('large')).toBeUndefined();
    await expect(cache.peek(['large'])).resolves.toMatchObject([{ fetchedAt: world.now }]);
    for (const key of ['a', 'b', 'c', 'd']) {
      await cache.load(key, new Origin({ value: 'x'.repeat(40) }).plan);
    }
    expect(cache.gauges.memoryEntries).toBe(2);
  });

  it('does not take an answer of the store that word of a write has overtaken', async () => {
    const [one, two] = [world.process(), world.process()];
    const origin = new Origin();
    await one.cache.load('key', origin.plan);
    const answer = Promise.withResolvers<undefined>();
    world.store.holdBack(() => answer.promise);
    const peeked = two.cache.peek(['key']);
    world.store.holdBack(() => Promise.resolve());
    await one.cache.load('key', origin.freshPlan);
    answer.resolve(undefined);
    await expect(peeked).resolves.toMatchObject([{ value: 'value 1' }]);
    await expect(two.cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 2' }]);
  });

  it('does not take an answer of the store that an own write has overtaken', async () => {
    const { cache, bus } = world.process();
    const origin = new Origin();
    await cache.load('key', origin.plan);
    bus.reconnect(true);
    const answer = Promise.withResolvers<undefined>();
    world.store.holdBack(() => answer.promise);
    const peeked = cache.peek(['key']);
    world.store.holdBack(() => Promise.resolve());
    world.now += 1;
    await cache.load('key', origin.freshPlan);
    answer.resolve(undefined);
    await peeked;
    expect(cache.peekMemory('key')?.value).toBe('value 2');
  });
});

describe('memory, in whatever order answers and messages arrive', () => {
  const step = fc.record({
    process: fc.nat(2),
    what: fc.constantFrom('peek', 'peek', 'load', 'drop'),
  });

  it('never ends with other than what the store has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 2, maxLength: 10 }),
        async (scheduler, steps) => {
          const sea = new World();
          sea.store.holdBack(() => scheduler.schedule(Promise.resolve()));
          sea.channel.deliver = (message) =>
            void scheduler.schedule(Promise.resolve()).then(message);
          const processes = [sea.process(), sea.process(), sea.process()];
          const origin = new Origin();
          const runs = steps.map(({ process, what }) =>
            scheduler.schedule(Promise.resolve()).then(async () => {
              const { cache } = processes[process] ?? sea.process();
              sea.now += 1;
              if (what === 'load') {
                await cache.load('key', origin.freshPlan);
              } else if (what === 'drop') {
                await cache.drop(['key']);
              } else {
                await cache.peek(['key']);
              }
            }),
          );
          await scheduler.waitFor(Promise.all(runs));
          await scheduler.waitIdle();
          sea.store.holdBack(() => Promise.resolve());
          const [stored] = await sea.process().cache.peek(['key']);
          for (const { cache } of processes) {
            const held = cache.peekMemory('key');
            expect([undefined, stored?.value]).toContain(held?.value);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ends with its entries when their lives do', async () => {
    const { cache } = world.process();
    await cache.load('key', new Origin().plan);
    world.now += KEEP_MS;
    expect(cache.peekMemory('key')).toBeUndefined();
  });
});
