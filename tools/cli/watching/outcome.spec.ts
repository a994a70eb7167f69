import { describe, expect, it } from '@jest/globals';

import type { WatchFault } from '#watch';

import { CliFailure } from '../cli-failure.js';

import { valueOf } from './outcome.js';

function faults(count: number): WatchFault[] {
  return Array.from({ length: count }, (_, index) => ({
    code: 'INVALID',
    field: ['observables', String(index), 'note'],
    message: 'is too long',
  }));
}

function failureOf(found: readonly WatchFault[]): CliFailure {
  try {
    valueOf({ ok: false, faults: [...found] });
  } catch (error) {
    if (error instanceof CliFailure) {
      return error;
    }
  }
  throw new Error('nothing was refused');
}

describe('what an operator asked for', () => {
  it('is refused with a line for each fault', () => {
    const { code, message } = failureOf(faults(2));
    expect([code, message.split('\n')]).toEqual([
      'refused',
      ['INVALID: observables.0.note is too long', 'INVALID: observables.1.note is too long'],
    ]);
  });

  it('does not fill the terminal with the same fault of every observable', () => {
    const lines = failureOf(faults(100_000)).message.split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([101, 'and 99900 more']);
  });
});
