import { describe, expect, it } from '@jest/globals';

import { createMetrics, renderMetrics } from '#platform';

import { WorkerMetrics } from './worker-metrics.js';
import type { WatchingState } from './worker-metrics.js';

const AT = Date.parse('2026-11-22T10:00:00Z');
const STATE: WatchingState = {
  at: AT,
  queueAt: AT,
  due: { byPriority: { LOW: 3, NORMAL: 0, HIGH: 1 }, total: 4, oldestDueAt: AT - 90_000 },
  queue: {
    name: 'refresh',
    paused: false,
    workers: 1,
    waiting: 0,
    prioritized: 7,
    active: 2,
    delayed: 0,
    completed: 5,
    failed: 1,
    oldestWaitingAt: AT - 30_000,
  },
  account: {
    month: '2026-11',
    own: 10,
    upstreamUsed: null,
    allowed: 100,
    asOf: AT,
    used: 10,
    limit: 100,
    remaining: 90,
    reserve: 20,
    resetsAt: AT,
    callsPerDay: 1,
    observeCallsPerDay: 0,
    exhaustsAt: null,
    byList: new Map(),
  },
  work: { state: 'RESTING', rest: { reason: 'plan', since: AT, until: null }, halts: [] },
  pacing: { callsPerDay: { HIGH: Infinity, NORMAL: 5, LOW: 1 }, isShort: true },
};

async function samples(read?: () => Promise<WatchingState>, use?: (made: WorkerMetrics) => void) {
  const registry = createMetrics({ process: 'worker', version: '0' });
  const made = new WorkerMetrics(registry);
  use?.(made);
  if (read !== undefined) {
    made.watch(read);
  }
  const { body } = await renderMetrics(registry);
  return body.split('\n').filter((line) => line.startsWith('st_'));
}

describe('WorkerMetrics', () => {
  it('shows how far the work has got, from one read a scrape', async () => {
    let reads = 0;
    const lines = await samples(() => {
      reads += 1;
      return Promise.resolve(STATE);
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'st_due_lag_seconds 90',
        'st_due_observables{priority="LOW"} 3',
        'st_queue_oldest_waiting_seconds 30',
        'st_queue_jobs{state="prioritized"} 7',
        'st_quota_calls{figure="remaining"} 90',
        'st_work_resting{reason="plan"} 1',
        'st_pace_short 1',
        'st_work_resting{reason="bad_key"} 0',
      ]),
    );
    expect(reads).toBe(1);
  });

  it('shows no limit where none is known', async () => {
    const account = { ...STATE.account, limit: null, remaining: null };
    const lines = await samples(() => Promise.resolve({ ...STATE, account }));
    expect(lines.filter((line) => line.startsWith('st_quota_calls'))).toEqual([
      'st_quota_calls{figure="used"} 10',
    ]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['does not answer', () => new Promise<WatchingState>(() => undefined)],
  ])('shows the rest in time when Redis %s', async (_, read) => {
    const begun = performance.now();
    const lines = await samples(read);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(lines.some((line) => line.startsWith('st_build_info'))).toBe(true);
    expect(lines.some((line) => line.startsWith('st_queue_jobs{'))).toBe(false);
  });

  it('counts how refreshes and ticks ended, and what changed', async () => {
    const lines = await samples(undefined, (made) => {
      made.ended({ kind: 'done' });
      made.ended({ kind: 'retry', code: 'server' });
      made.ended({ kind: 'waiting', reason: 'budget', until: 0, scheduled: true });
      made.ended({ kind: 'stalled' });
      made.ticked('failed');
      made.changed({ kind: 'ENDED' });
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'st_refreshes_total{outcome="done",reason=""} 1',
        'st_refreshes_total{outcome="retry",reason="server"} 1',
        'st_refreshes_total{outcome="waiting",reason="budget"} 1',
        'st_refreshes_total{outcome="stalled",reason=""} 1',
        'st_ticks_total{outcome="failed"} 1',
        'st_changes_total{kind="ENDED"} 1',
      ]),
    );
  });
});
