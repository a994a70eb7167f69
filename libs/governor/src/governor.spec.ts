import { setImmediate as nextTurn } from 'node:timers/promises';

import { beforeEach, describe, expect, it } from '@jest/globals';

import { GovernorError } from './errors.js';
import { Governor } from './governor.js';
import { MemoryPacer } from './memory.pacer.js';
import { MemoryQuotaCircuit } from './memory.quota-circuit.js';
import type { Lane, Pacer } from './pacer.port.js';
import type { QuotaCircuit } from './quota-circuit.port.js';

const TENANT = '0123456789abcdef0123456789abcdef';

/** Answers each question with the next wait given, and writes down who asked. */
class ScriptedPacer implements Pacer {
  readonly asked: string[] = [];
  readonly penalties: [string, number][] = [];
  readonly waits: number[];

  constructor(...waits: number[]) {
    this.waits = waits;
  }

  tryTake(tenant: string, lane: Lane): Promise<number> {
    this.asked.push(`${lane} ${tenant}`);
    return Promise.resolve(this.waits.shift() ?? 0);
  }

  penalise(tenant: string, ms: number): Promise<void> {
    this.penalties.push([tenant, ms]);
    return Promise.resolve();
  }
}

class Away implements Pacer, QuotaCircuit {
  readonly error = new Error('away');
  readonly tryTake = () => Promise.reject(this.error);
  readonly penalise = () => Promise.reject(this.error);
  readonly openUntil = () => Promise.reject(this.error);
  readonly open = () => Promise.reject(this.error);
  readonly close = () => Promise.reject(this.error);
}

let now: number;
let troubles: unknown[];

beforeEach(() => {
  now = Date.UTC(2031, 4, 17, 12);
  troubles = [];
});

function govern(parts: { pacer?: Pacer; circuit?: QuotaCircuit } = {}): Governor {
  const clock = () => now;
  return new Governor({
    pacer: parts.pacer ?? new MemoryPacer(1_000, clock),
    circuit: parts.circuit ?? new MemoryQuotaCircuit(clock),
    clock,
    onTrouble: (error) => troubles.push(error),
  });
}

async function refusal(entering: Promise<void>): Promise<Pick<GovernorError, 'code' | 'until'>> {
  const error = await entering.then(
    () => new Error('it was let through'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GovernorError)) {
    throw error;
  }
  return { code: error.code, until: error.until };
}

describe('entering', () => {
  it('lets a call through when there is a turn', async () => {
    const pacer = new ScriptedPacer();
    await govern({ pacer }).enter({ tenant: TENANT, lane: 'background' });
    expect(pacer.asked).toEqual([`background ${TENANT}`]);
  });

  it('asks again after the wait that the pacer tells', async () => {
    const pacer = new ScriptedPacer(20, 10, 0);
    const begun = performance.now();
    await govern({ pacer }).enter({ tenant: TENANT, lane: 'interactive' });
    expect(pacer.asked).toHaveLength(3);
    // Timers may fire a millisecond early.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(28);
  });

  it('lets one call at a time of a lane ask, in the order they came', async () => {
    const pacer = new ScriptedPacer(15);
    const governor = govern({ pacer });
    const order: number[] = [];
    const calls = [1, 2, 3].map(async (call) => {
      await governor.enter({ tenant: TENANT, lane: 'interactive' });
      order.push(call);
    });
    await nextTurn();
    expect(pacer.asked).toHaveLength(1);
    expect(governor.waiting).toBe(3);
    await Promise.all(calls);
    expect(order).toEqual([1, 2, 3]);
    await nextTurn();
    expect(governor.waiting).toBe(0);
  });

  it('keeps lanes and tenants out of each other’s line', async () => {
    const pacer = new ScriptedPacer(3_600_000);
    const governor = govern({ pacer });
    const leaving = new AbortController();
    const waiting = governor.enter({
      tenant: TENANT,
      lane: 'background',
      signal: leaving.signal,
    });
    await nextTurn();
    await governor.enter({ tenant: TENANT, lane: 'interactive' });
    await governor.enter({ tenant: 'other', lane: 'background' });
    expect(pacer.asked).toHaveLength(3);
    leaving.abort();
    await expect(refusal(waiting)).resolves.toMatchObject({ code: 'abandoned' });
  });

  it('passes on that the pacer failed', async () => {
    const away = new Away();
    const governor = govern({ pacer: away });
    await expect(governor.enter({ tenant: TENANT, lane: 'interactive' })).rejects.toBe(away.error);
  });
});

describe('leaving the line', () => {
  it('gives up a place at the head while it waits', async () => {
    const governor = govern({ pacer: new ScriptedPacer(3_600_000) });
    const leaving = new AbortController();
    const first = governor.enter({ tenant: TENANT, lane: 'interactive', signal: leaving.signal });
    const second = governor.enter({ tenant: TENANT, lane: 'interactive' });
    await nextTurn();
    leaving.abort();
    await expect(refusal(first)).resolves.toEqual({ code: 'abandoned', until: undefined });
    await expect(second).resolves.toBeUndefined();
  });

  it('gives up a place behind others, without asking the pacer', async () => {
    const pacer = new ScriptedPacer(15);
    const governor = govern({ pacer });
    const leaving = new AbortController();
    const first = governor.enter({ tenant: TENANT, lane: 'interactive' });
    const second = governor.enter({ tenant: TENANT, lane: 'interactive', signal: leaving.signal });
    await nextTurn();
    leaving.abort(new Error('a reason of the caller'));
    await expect(refusal(second)).resolves.toMatchObject({ code: 'abandoned' });
    await first;
    expect(pacer.asked).toHaveLength(2);
  });

  it('does not stand in line for who has left before', async () => {
    const pacer = new ScriptedPacer();
    const signal = AbortSignal.abort();
    const entering = govern({ pacer }).enter({ tenant: TENANT, lane: 'interactive', signal });
    await expect(refusal(entering)).resolves.toMatchObject({ code: 'abandoned' });
    expect(pacer.asked).toEqual([]);
  });
});

describe('the quota', () => {
  it('lets nobody through until the month ends', async () => {
    const governor = govern();
    await governor.quotaExhausted(TENANT);
    const until = Date.UTC(2031, 5, 1);
    await expect(governor.quotaOpenUntil(TENANT)).resolves.toBe(until);
    const call = { tenant: TENANT, lane: 'interactive' } as const;
    await expect(refusal(governor.enter(call))).resolves.toEqual({
      code: 'quota_exhausted',
      until,
    });
    now = until - 1;
    await expect(refusal(governor.enter(call))).resolves.toMatchObject({ until });
    now = until;
    await expect(governor.enter(call)).resolves.toBeUndefined();
  });

  it.each([
    [Date.UTC(2031, 11, 31, 23, 59, 59, 999), Date.UTC(2032, 0, 1)],
    [Date.UTC(2032, 0, 31), Date.UTC(2032, 1, 1)],
    [Date.UTC(2032, 1, 1), Date.UTC(2032, 2, 1)],
  ])('counts months in UTC: %i ends at %i', async (at, until) => {
    now = at;
    const governor = govern();
    await governor.quotaExhausted(TENANT);
    await expect(governor.quotaOpenUntil(TENANT)).resolves.toBe(until);
  });

  it('is counted while it is used up', async () => {
    const governor = govern();
    await governor.quotaExhausted(TENANT);
    expect(governor.quotasUsedUp).toBe(1);
    await governor.quotaRestored(TENANT);
    expect(governor.quotasUsedUp).toBe(0);
    await governor.quotaExhausted(TENANT);
    now = Date.UTC(2031, 5, 1);
    expect(governor.quotasUsedUp).toBe(0);
  });

  it('is that of one tenant', async () => {
    const governor = govern();
    await governor.quotaExhausted(TENANT);
    await expect(governor.enter({ tenant: 'other', lane: 'interactive' })).resolves.toBeUndefined();
  });

  it('lets calls through again when it is restored', async () => {
    const governor = govern();
    await governor.quotaExhausted(TENANT);
    await governor.quotaRestored(TENANT);
    await expect(governor.enter({ tenant: TENANT, lane: 'interactive' })).resolves.toBeUndefined();
  });

  it('stops who stood in line when it ended', async () => {
    const governor = govern({ pacer: new ScriptedPacer(15) });
    const entering = refusal(governor.enter({ tenant: TENANT, lane: 'interactive' }));
    await governor.quotaExhausted(TENANT);
    await expect(entering).resolves.toMatchObject({ code: 'quota_exhausted' });
  });
});

describe('word from upstream', () => {
  it('passes a throttle on to the pacer', async () => {
    const pacer = new ScriptedPacer();
    await govern({ pacer }).throttled(TENANT, 2_500);
    expect(pacer.penalties).toEqual([[TENANT, 2_500]]);
  });

  it('is not lost on the caller when pacer and circuit are away', async () => {
    const away = new Away();
    const governor = govern({ pacer: away, circuit: away });
    await governor.throttled(TENANT, 1);
    await governor.quotaExhausted(TENANT);
    await governor.quotaRestored(TENANT);
    expect(troubles).toEqual([away.error, away.error, away.error]);
  });
});
