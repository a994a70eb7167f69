import { describe, expect, it } from '@jest/globals';

import type { Change } from './change.js';
import type { Commit } from './history-store.port.js';
import { HistoryWatch } from './history-watch.js';
import { MemoryChangeStore } from './memory.change-store.js';
import { DOMAIN, look, span } from './testing/synthetic-history.js';

const RETENTION = { most: 100, keepMs: Number.MAX_SAFE_INTEGER };
const first = look('2026-03-05', [span('2026-03-01', '2026-03-05', '192.0.2.10')]);
const second = look('2026-03-06', [span('2026-03-06', '2026-03-06', '192.0.2.20')]);
const third = look('2026-03-07', [span('2026-03-07', '2026-03-07', '192.0.2.30')]);

/** A store in which somebody else is faster, so many times. */
class OvertakenStore extends MemoryChangeStore {
  overtakings = 0;
  #by: (() => Promise<unknown>) | undefined;

  overtake(times: number, by: () => Promise<unknown>): void {
    this.overtakings = times;
    this.#by = by;
  }

  override async commit(commit: Commit): Promise<readonly Change[] | undefined> {
    if (this.overtakings === 0) {
      return super.commit(commit);
    }
    this.overtakings -= 1;
    await this.#by?.();
    return undefined;
  }
}

describe('applying a look', () => {
  it('compares again when somebody else was faster', async () => {
    const store = new OvertakenStore(RETENTION);
    const [mine, theirs] = [new HistoryWatch(store), new HistoryWatch(store)];
    await mine.apply(first);
    store.overtake(1, () => theirs.apply(second));
    const { outcome, changes } = await mine.apply(third);
    expect(outcome).toBe('compared');
    expect(changes.map(({ value }) => value)).toEqual(['192.0.2.30']);
  });

  it('comes to nothing when somebody else brought a later look meanwhile', async () => {
    const store = new OvertakenStore(RETENTION);
    const [mine, theirs] = [new HistoryWatch(store), new HistoryWatch(store)];
    await mine.apply(first);
    store.overtake(1, () => theirs.apply(third));
    await expect(mine.apply(second)).resolves.toEqual({ outcome: 'outdated', changes: [] });
  });

  it('gives up when somebody else is always faster', async () => {
    const store = new OvertakenStore(RETENTION);
    store.overtake(1_000, () => Promise.resolve());
    await expect(new HistoryWatch(store).apply(first)).rejects.toMatchObject({ code: 'contended' });
    await expect(new HistoryWatch(store).known(DOMAIN)).resolves.toBeUndefined();
  });
});
