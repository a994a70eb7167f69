import { describe, expect, it } from '@jest/globals';

import { until } from './refreshes.js';

const NEVER = new AbortController().signal;

describe('until', () => {
  it('returns once it holds', async () => {
    let looks = 0;
    await until('it does not hold', async () => Promise.resolve(++looks === 3), NEVER);
    expect(looks).toBe(3);
  });

  it('ends at once when it is told to', async () => {
    const controller = new AbortController();
    const waiting = until(
      'it does not hold',
      async () => Promise.resolve(false),
      controller.signal,
    );
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
