import { loadavg } from 'node:os';

import type { LoadFigures } from './load-order.js';
import { median } from './pairs.js';

/** A figure and what it has to be. */
export interface Verdict {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Lines for the reader, above the verdict. */
  readonly details: readonly string[];
}

export function passes({ value, atLeast = -Infinity, atMost = Infinity }: Verdict): boolean {
  return value >= atLeast && value <= atMost;
}

/** What the windows of one side come to, as one line. */
export function sideLine(name: string, windows: readonly LoadFigures[]): string {
  const of = (read: (one: LoadFigures) => number): number => median(windows.map(read));
  const failures = windows.reduce((sum, one) => sum + one.failures, 0);
  const figures = [
    `${of((one) => one.perSecond).toFixed(0)} req/s`,
    `p50 ${of((one) => one.p50).toFixed(2)} ms`,
    `p99 ${of((one) => one.p99).toFixed(2)} ms`,
    `CPU ${of((one) => one.cpuMicros).toFixed(1)} us/req`,
    `memory ${of((one) => one.memory).toFixed(0)} MiB`,
    `core ${percent(of((one) => one.serverBusy))} busy`,
    `generator ${percent(of((one) => one.generatorBusy))}`,
  ];
  return `${name.padEnd(14)}${figures.join(', ')}${failures > 0 ? `, ${failures} FAILURES` : ''}`;
}

export function report(verdict: Verdict): string {
  const { name, value, atLeast, atMost, details } = verdict;
  const limit = atLeast === undefined ? `at most ${atMost ?? ''}` : `at least ${atLeast}`;
  const outcome = passes(verdict) ? 'ok' : 'MISSED';
  const load = loadavg()[0]?.toFixed(2) ?? '';
  return [
    ...details.map((line) => `  ${line}`),
    `${outcome.padEnd(7)}${name}: ${value.toFixed(2)} (${limit}; load average ${load})`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
