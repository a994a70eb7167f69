import { beforeEach, describe, expect, it } from '@jest/globals';

import type { FlightBoard } from '#cache';

export interface BoardUnderTest {
  readonly board: FlightBoard;
  /** Lets so many milliseconds pass for leases and outcomes. */
  readonly elapse: (ms: number) => Promise<void>;
}

const LEASE_MS = 600_000;
/** How long an outcome is remembered. */
const OUTCOME_MS = 10_000;

/** What every flight board does. */
export function flightBoardContract(open: () => Promise<BoardUnderTest>): void {
  describe('a flight board', () => {
    let under: BoardUnderTest;

    beforeEach(async () => {
      under = await open();
    });

    itLeases(() => under);
    itLands(() => under);
  });
}

function itLeases(get: () => BoardUnderTest): void {
  it('gives a free key to who takes it, and tells the others who holds it', async () => {
    const { board } = get();
    await expect(board.holder('key')).resolves.toBeNull();
    await expect(board.take('key', 'one', LEASE_MS)).resolves.toBe('one');
    await expect(board.take('key', 'two', LEASE_MS)).resolves.toBe('one');
    await expect(board.holder('key')).resolves.toBe('one');
    await expect(board.take('other key', 'two', LEASE_MS)).resolves.toBe('two');
  });

  it('gives a key to one of a hundred that take it at once', async () => {
    const { board } = get();
    const flights = Array.from({ length: 100 }, (_, index) => `flight ${index}`);
    const holders = await Promise.all(flights.map((id) => board.take('key', id, LEASE_MS)));
    const holder = await board.holder('key');
    expect(flights).toContain(holder);
    expect(new Set(holders)).toEqual(new Set([holder]));
  });

  it('ends a lease that nobody extends', async () => {
    const { board, elapse } = get();
    await board.take('key', 'one', LEASE_MS);
    await elapse(LEASE_MS);
    await expect(board.holder('key')).resolves.toBeNull();
    await expect(board.take('key', 'two', LEASE_MS)).resolves.toBe('two');
  });

  it('extends the lease of who holds it', async () => {
    const { board, elapse } = get();
    await board.take('key', 'one', LEASE_MS);
    await elapse(LEASE_MS / 2);
    await expect(board.extend('key', 'one', LEASE_MS)).resolves.toBe(true);
    await elapse(0.75 * LEASE_MS);
    await expect(board.holder('key')).resolves.toBe('one');
  });

  it('extends neither a free key nor that of another flight', async () => {
    const { board, elapse } = get();
    await expect(board.extend('key', 'two', LEASE_MS)).resolves.toBe(false);
    await expect(board.holder('key')).resolves.toBeNull();
    await board.take('key', 'one', LEASE_MS);
    await expect(board.extend('key', 'two', 10 * LEASE_MS)).resolves.toBe(false);
    await elapse(LEASE_MS);
    await expect(board.holder('key')).resolves.toBeNull();
  });
}

function itLands(get: () => BoardUnderTest): void {
  it('frees the key and tells the outcome when a flight lands', async () => {
    const { board } = get();
    await board.take('key', 'one', LEASE_MS);
    await expect(board.outcome('one')).resolves.toBeNull();
    await board.land('key', 'one', 'outcome', 0);
    await expect(board.holder('key')).resolves.toBeNull();
    await expect(board.outcome('one')).resolves.toBe('outcome');
  });

  it('keeps the key for as long as the flight lingers', async () => {
    const { board, elapse } = get();
    await board.take('key', 'one', LEASE_MS);
    await board.land('key', 'one', 'failed', 5_000);
    await expect(board.take('key', 'two', LEASE_MS)).resolves.toBe('one');
    await expect(board.outcome('one')).resolves.toBe('failed');
    await elapse(5_000);
    await expect(board.take('key', 'two', LEASE_MS)).resolves.toBe('two');
  });

  it.each([0, 5 * LEASE_MS])(
    'leaves the key to who took it over from a flight that lands late, lingering %i ms',
    async (lingerMs) => {
      const { board, elapse } = get();
      await board.take('key', 'slow', LEASE_MS);
      await elapse(LEASE_MS);
      await board.take('key', 'next', LEASE_MS);
      await board.land('key', 'slow', 'outcome', lingerMs);
      await expect(board.holder('key')).resolves.toBe('next');
      await expect(board.outcome('slow')).resolves.toBe('outcome');
      await elapse(LEASE_MS);
      await expect(board.holder('key')).resolves.toBeNull();
    },
  );

  it('forgets an outcome after a while', async () => {
    const { board, elapse } = get();
    await board.land('key', 'one', 'outcome', 0);
    await elapse(OUTCOME_MS / 2);
    await expect(board.outcome('one')).resolves.toBe('outcome');
    await elapse(OUTCOME_MS / 2);
    await expect(board.outcome('one')).resolves.toBeNull();
  });
}
