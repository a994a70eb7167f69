import { describe, expect, it } from '@jest/globals';

import { DEPLOYMENT } from './deployment.js';
import { lookOf } from './look-of-reading.js';
import type { LookedAt, RecordReading } from './look-of-reading.js';

const AT: LookedAt = {
  observable: { type: 'domain', value: 'example.com' },
  watchlists: ['wl_one'],
};
const ADDRESS: LookedAt = { ...AT, observable: { type: 'ip', value: '192.0.2.1' } };

function reading(firsts: readonly (string | null)[], complete: boolean): RecordReading {
  const intervals = firsts.map((first) => ({ first, last: null, values: ['192.0.2.1'], orgs: [] }));
  return { state: 'read', recordType: 'A', fetchedAt: 1_000, complete, intervals };
}

describe('lookOf', () => {
  it('looks at the instant at which upstream answered, for the lists that want it', () => {
    const read = reading(['2026-01-01'], true);
    expect(lookOf(read, AT)).toEqual({
      ...AT,
      tenant: DEPLOYMENT,
      recordType: 'A',
      at: 1_000,
      intervals: read.intervals,
      reach: 'all',
    });
  });

  it('reaches over all when nothing is missing, also when nothing is there', () => {
    expect(lookOf(reading([], true), AT).reach).toBe('all');
    expect(lookOf(reading([], true), ADDRESS).reach).toBe('all');
  });

  it('reaches down to the oldest interval that was read of a name', () => {
    const read = reading(['2026-02-01', '2026-01-01'], false);
    expect(lookOf(read, AT).reach).toEqual({ since: '2026-01-01' });
  });

  it('reaches nowhere for sure without days', () => {
    expect(lookOf(reading([null], false), AT).reach).toEqual({ since: null });
    expect(lookOf(reading([], false), AT).reach).toEqual({ since: null });
    expect(lookOf(reading([null], false), ADDRESS).reach).toEqual({ since: null });
  });
});
