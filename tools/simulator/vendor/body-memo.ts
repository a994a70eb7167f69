import { LRUCache } from 'lru-cache';

import type { Day } from '../time/calendar.js';

const MAX_BYTES = 128 * 1024 * 1024;

/** Ready bodies of one simulated day, within 128 MiB: a question is worked out once a day. */
export class BodyMemo {
  readonly #bodies = new LRUCache<string, Buffer>({
    maxSize: MAX_BYTES,
    sizeCalculation: (body) => body.length + 1,
  });
  #day: Day | undefined;

  /** The body kept under a key for that day, or the one `build` makes of it now. */
  get(key: string, day: Day, build: () => unknown): Buffer {
    if (this.#day !== day) {
      this.clear();
      this.#day = day;
    }
    const held = this.#bodies.get(key);
    if (held !== undefined) {
      return held;
    }
    const body = Buffer.from(JSON.stringify(build()));
    this.#bodies.set(key, body);
    return body;
  }

  /** Forgets all: after a change of the world. */
  clear(): void {
    this.#bodies.clear();
  }
}
