import { describe, expect, it } from '@jest/globals';

import { Governor, MemoryPacer, MemoryQuotaCircuit } from '#governor';
import type { CallOutcome } from '#securitytrails';

import { QuotaWatch } from './quota-watch.js';

const TENANT = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const THROTTLED: CallOutcome = { status: 429, error: 'throttled', throttle: {}, durationMs: 5 };
const USED_UP: CallOutcome = { status: 429, error: 'quota', quotaExhausted: true, durationMs: 5 };
const FINE: CallOutcome = { status: 200, durationMs: 5 };
const NOON = Date.parse('2026-03-10T12:00:00Z');

function watch() {
  const time = { now: NOON };
  const clock = (): number => time.now;
  const governor = new Governor({
    pacer: new MemoryPacer(10, clock),
    circuit: new MemoryQuotaCircuit(clock),
    clock,
    onTrouble: (error) => {
      throw error;
    },
  });
  return { time, governor, watch: new QuotaWatch(governor, clock) };
}

describe('QuotaWatch', () => {
  it('suspects the quota after three throttles in a row, and as long as they go on', () => {
    const { watch: quota } = watch();
    const verdicts = Array.from({ length: 5 }, () => quota.suspects(TENANT, THROTTLED));
    expect(verdicts).toEqual([false, false, true, true, true]);
  });

  it('forgets the throttles at the first call that is none', () => {
    const { watch: quota } = watch();
    const outcomes = [THROTTLED, THROTTLED, FINE, THROTTLED, THROTTLED, THROTTLED];
    expect(outcomes.map((outcome) => quota.suspects(TENANT, outcome))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it("does not count one key's throttles against another", () => {
    const { watch: quota } = watch();
    const tenants = [TENANT, OTHER, TENANT, OTHER];
    expect(tenants.some((tenant) => quota.suspects(tenant, THROTTLED))).toBe(false);
  });

  it('lets the usage be asked for once a minute and key', () => {
    const { watch: quota, time } = watch();
    expect([quota.mayAsk(TENANT), quota.mayAsk(TENANT), quota.mayAsk(OTHER)]).toEqual([
      true,
      false,
      true,
    ]);
    time.now += 59_999;
    expect(quota.mayAsk(TENANT)).toBe(false);
    time.now += 1;
    expect(quota.mayAsk(TENANT)).toBe(true);
  });

  it('spends no query on the usage just after upstream has said that it is used up', () => {
    const { watch: quota, time } = watch();
    expect(quota.suspects(TENANT, USED_UP)).toBe(false);
    expect(quota.mayAsk(TENANT)).toBe(false);
    time.now += 60_000;
    expect(quota.mayAsk(TENANT)).toBe(true);
  });

  it.each([
    [50, 50, true],
    [51, 50, true],
    [49, 50, false],
    [0, 0, false],
  ])('at %i of %i used has the circuit open: %s', async (used, allowed, open) => {
    const { watch: quota, governor } = watch();
    await quota.learn(TENANT, { used, allowed });
    expect(await governor.quotaOpenUntil(TENANT)).toBe(open ? Date.parse('2026-04-01') : null);
  });

  it('closes the circuit when there is quota again', async () => {
    const { watch: quota, governor } = watch();
    await quota.learn(TENANT, { used: 50, allowed: 50 });
    await quota.learn(TENANT, { used: 50, allowed: 100 });
    await expect(governor.enter({ tenant: TENANT, lane: 'interactive' })).resolves.toBeUndefined();
  });
});
