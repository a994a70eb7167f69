import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';
import type { Cluster } from 'ioredis';

import { DEFAULT_LIMITS, DEFAULT_TUNING, openWatch } from '#watch';
import type { Outcome, ScheduleTuning, Watch, WatchLimits } from '#watch';

/** A process' view of watchlists, with a clock that the test moves. */
export interface WatchWorld extends Watch {
  readonly redis: Redis;
  now: number;
}

export interface WatchWorldOptions {
  readonly limits?: Partial<WatchLimits>;
  readonly tuning?: Partial<ScheduleTuning>;
}

export const START = Date.parse('2026-11-22T10:00:00Z');
export const ACTOR = 'operator@example.com';

export function watchWorld(url: string, options: WatchWorldOptions = {}): WatchWorld {
  return watchWorldOn(new Redis(url), options);
}

export function watchWorldOn<R extends Redis | Cluster>(
  redis: R,
  options: WatchWorldOptions = {},
): Watch & { readonly redis: R; now: number } {
  const world: { now: number } = { now: START };
  const watch = openWatch({
    redis,
    clock: () => world.now,
    newId: () => randomBytes(12).toString('base64url'),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    tuning: { ...DEFAULT_TUNING, ...options.tuning },
  });
  return Object.assign(world, watch, { redis });
}

/** The value of an outcome that must be one. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) {
    throw new Error(`refused: ${JSON.stringify(outcome.faults)}`);
  }
  return outcome.value;
}

/** Codes and fields of an outcome that must be refused. */
export function faultsOf(outcome: Outcome<unknown>): string[] {
  if (outcome.ok) {
    throw new Error('it was not refused');
  }
  return outcome.faults.map(({ code, field }) => `${code} ${field.join('.')}`);
}

export function domain(value: string) {
  return { type: 'domain', value } as const;
}

export function hosts(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => ({
    observable: domain(`host${from + index}.example.com`),
  }));
}
