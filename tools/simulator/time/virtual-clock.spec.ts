import { describe, expect, it } from '@jest/globals';

import { dateOf } from './calendar.js';
import { VirtualClock } from './virtual-clock.js';

describe('VirtualClock', () => {
  it('runs with the wall clock from the given start', () => {
    let wall = 5_000;
    const clock = new VirtualClock(() => wall, Date.parse('2030-01-01T00:00:00Z'));
    wall += 1_500;
    expect(new Date(clock.now()).toISOString()).toBe('2030-01-01T00:00:01.500Z');
    expect(clock.wallNow()).toBe(6_500);
  });

  it('starts at the wall clock without a start', () => {
    expect(new VirtualClock(() => 42).now()).toBe(42);
  });

  it('jumps ahead by whole days', () => {
    const clock = new VirtualClock(() => 0, Date.parse('2024-02-28T12:00:00Z'));
    clock.advance(2);
    expect(dateOf(clock.today())).toBe('2024-03-01');
  });
});
