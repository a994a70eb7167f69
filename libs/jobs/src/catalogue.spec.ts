import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { RefreshJob } from './catalogue.js';
import { jobPriority, refreshDeduplicationId } from './catalogue.js';

const TENANT = '0123456789abcdef0123456789abcdef';

function job(type: 'ip' | 'ipv6' | 'domain', value: string, tenant = TENANT): RefreshJob {
  return { tenant, observable: { type, value }, cause: 'stale' };
}

describe('refreshDeduplicationId', () => {
  it('is the same in every release, so that old and new processes agree', () => {
    expect(refreshDeduplicationId(job('ipv6', '2001:db8::1'))).toBe(
      'OUuUm-N-RSZKHBhCfoJ2Pl_oqTF42_Duqj_armdKD4k',
    );
  });

  it('does not depend on the cause', () => {
    const scheduled = { ...job('domain', 'example.com'), cause: 'scheduled' } as const;
    const id = refreshDeduplicationId(job('domain', 'example.com'));
    expect(refreshDeduplicationId(scheduled)).toBe(id);
  });

  it('differs by tenant, type and value', () => {
    const ids = [
      job('domain', 'example.com'),
      job('domain', 'example.org'),
      job('domain', 'example.com', TENANT.replace('0', '1')),
      job('ip', '192.0.2.1'),
      job('ipv6', '192.0.2.1'),
    ].map(refreshDeduplicationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no character that Redis keys or BullMQ give a meaning, whatever the value', () => {
    const values = fc.oneof(fc.string(), fc.ipV6(), fc.constantFrom('{}', '{', 'a}b', 'a:b', ''));
    fc.assert(
      fc.property(values, (value) => {
        expect(refreshDeduplicationId(job('domain', value))).toMatch(/^[\w-]{43}$/);
      }),
    );
  });
});

describe('jobPriority', () => {
  it('puts analysts before operators, those before the schedule, and none before all', () => {
    const scheduled = (['HIGH', 'NORMAL', 'LOW'] as const).flatMap((priority) => [
      jobPriority({ cause: 'scheduled', priority, first: true }),
      jobPriority({ cause: 'scheduled', priority }),
    ]);
    const order = [
      jobPriority({ cause: 'stale' }),
      jobPriority({ cause: 'operator' }),
      ...scheduled,
    ];
    expect(order).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  });

  it('takes what says no more for a normal refresh, as older releases made them', () => {
    expect(jobPriority({ cause: 'scheduled' })).toBe(60);
  });
});
