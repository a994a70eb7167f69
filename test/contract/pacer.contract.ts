import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Lane, Pacer } from '#governor';

export interface PacerUnderTest {
  readonly pacer: Pacer;
  /** The pacer's own clock in milliseconds, `elapse` included. */
  readonly now: () => Promise<number>;
  readonly elapse: (ms: number) => Promise<void>;
}

/** Upstream counts over a second. */
const SECOND_MS = 1_000;
/** The window of a pacer and room for the time that a test takes. */
const LONGEST_WAIT_MS = 1_100;

type Open = (perSecond: number) => Promise<PacerUnderTest>;

/** What every pacer does. */
export function pacerContract(open: Open, options: { readonly runs: number }): void {
  describe('a pacer', () => {
    itCounts(open);
    itPutsAnalystsFirst(open);
    itPenalises(open);
    itKeepsTheRate(open, options.runs);
  });
}

function itCounts(open: Open): void {
  it('gives as many turns at once as a second has, then tells how long to wait', async () => {
    const { pacer, elapse } = await open(3);
    const waits = [];
    for (let turn = 0; turn < 4; turn += 1) {
      waits.push(await pacer.tryTake('tenant', 'interactive'));
    }
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
    const wait = waits[3] ?? 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    await elapse(wait);
    await expect(pacer.tryTake('tenant', 'interactive')).resolves.toBe(0);
  });

  it('counts every tenant for itself', async () => {
    const { pacer } = await open(1);
    await expect(pacer.tryTake('one', 'interactive')).resolves.toBe(0);
    await expect(pacer.tryTake('two', 'interactive')).resolves.toBe(0);
    await expect(pacer.tryTake('one', 'interactive')).resolves.toBeGreaterThan(0);
  });

  it('counts the two lanes together', async () => {
    const { pacer } = await open(1);
    await expect(pacer.tryTake('tenant', 'background')).resolves.toBe(0);
    await expect(pacer.tryTake('tenant', 'interactive')).resolves.toBeGreaterThan(0);
  });
}

function itPutsAnalystsFirst(open: Open): void {
  it('lets the background step back while an analyst waits', async () => {
    const { pacer, elapse } = await open(1);
    await pacer.tryTake('tenant', 'interactive');
    const wait = await pacer.tryTake('tenant', 'interactive');
    await elapse(wait);
    await expect(pacer.tryTake('tenant', 'background')).resolves.toBeGreaterThan(0);
    await expect(pacer.tryTake('tenant', 'interactive')).resolves.toBe(0);
  });

  it('lets the background go on when nobody else waits', async () => {
    const { pacer, elapse } = await open(1);
    await pacer.tryTake('tenant', 'background');
    await elapse(await pacer.tryTake('tenant', 'background'));
    await expect(pacer.tryTake('tenant', 'background')).resolves.toBe(0);
  });

  it('forgets an analyst who went away', async () => {
    const { pacer, elapse } = await open(1);
    await pacer.tryTake('tenant', 'interactive');
    await elapse(await pacer.tryTake('tenant', 'interactive'));
    await elapse(await pacer.tryTake('tenant', 'background'));
    await expect(pacer.tryTake('tenant', 'background')).resolves.toBe(0);
  });
}

function itPenalises(open: Open): void {
  it.each<Lane>(['interactive', 'background'])(
    'lets nobody through in a penalty: %s',
    async (lane) => {
      const { pacer, elapse } = await open(5);
      await pacer.penalise('tenant', 60_000);
      const wait = await pacer.tryTake('tenant', lane);
      expect(wait).toBeGreaterThan(50_000);
      expect(wait).toBeLessThanOrEqual(60_000);
      await expect(pacer.tryTake('other', lane)).resolves.toBe(0);
      await elapse(30_000);
      await expect(pacer.tryTake('tenant', lane)).resolves.toBeGreaterThan(0);
      await elapse(30_000);
      await expect(pacer.tryTake('tenant', lane)).resolves.toBe(0);
    },
  );

  it('takes a penalty of no time', async () => {
    const { pacer, elapse } = await open(1);
    await pacer.penalise('tenant', 0);
    await elapse(1);
    await expect(pacer.tryTake('tenant', 'interactive')).resolves.toBe(0);
  });
}

function itKeepsTheRate(open: Open, runs: number): void {
  const gap = fc.oneof(fc.constant(0), fc.nat(30), fc.integer({ min: 900, max: 1_100 }));
  const arrivals = fc.array(
    fc.record({ gap, lane: fc.constantFrom<Lane>('interactive', 'background') }),
    { minLength: 10, maxLength: 60 },
  );

  it('never gives more turns in any second than the rate, however calls arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), arrivals, async (perSecond, calls) => {
        const { pacer, now, elapse } = await open(perSecond);
        const turns: number[] = [];
        for (const call of calls) {
          await elapse(call.gap);
          // Before and after: the pacer took its time in between.
          const before = await now();
          if ((await pacer.tryTake('tenant', call.lane)) === 0) {
            const first = turns[turns.length - perSecond];
            expect((await now()) - (first ?? -Infinity)).toBeGreaterThan(SECOND_MS);
            turns.push(before);
          }
        }
        expect(turns.length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: runs },
    );
  });

  it('gives a turn to who waits as long as told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), async (perSecond) => {
        const { pacer, elapse } = await open(perSecond);
        for (let turn = 0; turn < 3 * perSecond; turn += 1) {
          const wait = await pacer.tryTake('tenant', 'interactive');
          if (wait > 0) {
            await elapse(wait);
            expect(await pacer.tryTake('tenant', 'interactive')).toBe(0);
          }
        }
      }),
      { numRuns: Math.min(runs, 8) },
    );
  });
}
