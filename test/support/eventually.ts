import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 20;
const LIMIT_MS = 8_000;

/**
 * The first result of the probe that will do, tried again every 20 ms. Rejects after 8 s, with the
 * last result in its message.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  willDo: (result: T) => boolean,
): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const result = await probe();
    if (willDo(result)) {
      return result;
    }
    if (performance.now() > end) {
      throw new Error(`It never came to that; last: ${JSON.stringify(result)}`);
    }
    await pause(EVERY_MS);
  }
}
