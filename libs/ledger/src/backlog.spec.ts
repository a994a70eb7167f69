import { beforeEach, describe, expect, it } from '@jest/globals';

import { Backlog } from './backlog.js';
import type { BookingStore, Entry, Settlement } from './ledger-store.port.js';

const ENTRY: Entry = { at: 0, cause: 'OBSERVE', endpoint: 'history/a', about: '-' };

describe('a backlog', () => {
  let isAway: boolean;
  let told: { readonly tenant: string; readonly settlements: readonly Settlement[] }[];
  let troubles: unknown[];
  let backlog: Backlog;

  const unexpected = () => Promise.reject(new Error('A backlog only settles'));
  const store: BookingStore = {
    book: unexpected,
    sweep: unexpected,
    settle: (tenant, settlements) => {
      if (isAway) {
        return Promise.reject(new Error('away'));
      }
      told.push({ tenant, settlements });
      return Promise.resolve();
    },
  };

  beforeEach(() => {
    isAway = false;
    told = [];
    troubles = [];
    backlog = new Backlog(store, (error) => troubles.push(error));
  });

  it('tells each tenant of its calls, 500 at a time', async () => {
    for (let call = 0; call < 700; call += 1) {
      backlog.keep('one', { id: `call-${call}`, result: 'answered' });
    }
    backlog.keep('two', { id: 'other', result: 'failed' });
    await backlog.flush();
    expect(told.map(({ tenant, settlements }) => [tenant, settlements.length])).toEqual([
      ['one', 500],
      ['one', 200],
      ['two', 1],
    ]);
    await backlog.flush();
    expect(told).toHaveLength(3);
  });

  it('tells a call that was made uncounted when it has ended', async () => {
    backlog.open('call', 'one', ENTRY, 'list');
    await backlog.flush();
    expect(told).toEqual([]);
    expect(backlog.close('call', 'nothing')).toBe(true);
    expect(backlog.close('call', 'nothing')).toBe(false);
    await backlog.flush();
    const unbooked = { entry: ENTRY, watchlistId: 'list' };
    expect(told).toEqual([
      {
        tenant: 'one',
        settlements: [{ id: 'call', result: 'nothing', unbooked, mayArrive: true }],
      },
    ]);
  });

  it('keeps what it could not tell, also what comes meanwhile', async () => {
    isAway = true;
    backlog.keep('one', { id: 'first', result: 'answered' });
    const flushing = backlog.flush();
    backlog.keep('one', { id: 'second', result: 'answered' });
    await flushing;
    expect(troubles).toEqual([new Error('away')]);
    isAway = false;
    await Promise.all([backlog.flush(), backlog.flush()]);
    expect(told.flatMap(({ settlements }) => settlements.map(({ id }) => id))).toEqual([
      'first',
      'second',
    ]);
  });

  it('leaves room for calls that were made, however many were refused', async () => {
    for (let call = 0; call < 10_001; call += 1) {
      backlog.keep('one', { id: `call-${call}`, result: 'never_made', mayArrive: true });
    }
    backlog.keep('one', { id: 'made', result: 'answered' });
    await backlog.flush();
    const ids = told.flatMap(({ settlements }) => settlements.map(({ id }) => id));
    expect(ids).toHaveLength(10_001);
    expect(ids.slice(-2)).toEqual(['call-9999', 'made']);
  });

  it('is full at 50,000 calls, and takes no more', async () => {
    for (let call = 0; call < 49_999; call += 1) {
      backlog.keep('one', { id: `call-${call}`, result: 'answered' });
    }
    expect(backlog.isFull).toBe(false);
    backlog.open('last', 'one', ENTRY, null);
    expect(backlog.isFull).toBe(true);
    backlog.close('last', 'answered');
    backlog.keep('one', { id: 'too many', result: 'never_made' });
    await backlog.flush();
    const ids = told.flatMap(({ settlements }) => settlements.map(({ id }) => id));
    expect(ids).toHaveLength(50_000);
    expect(ids.at(-1)).toBe('last');
    expect(backlog.isFull).toBe(false);
  });
});
