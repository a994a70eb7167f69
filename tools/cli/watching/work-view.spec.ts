import { describe, expect, it } from '@jest/globals';

import { remarkIdleness } from './work-view.js';

const TENANT = 'a'.repeat(32);
const NONE = { waiting: 0, prioritized: 0, active: 0, delayed: 0, completed: 0, failed: 0 };

async function remarkOf(state: {
  readonly workers: number;
  readonly paused?: boolean;
  readonly keys: readonly string[];
}): Promise<string> {
  const { workers, paused = false, keys } = state;
  let remarked = '';
  await remarkIdleness({
    tenant: TENANT,
    presence: { has: (tenant) => Promise.resolve(keys.includes(tenant)) },
    queue: {
      figures: () =>
        Promise.resolve({ ...NONE, name: 'refresh', paused, workers, oldestWaitingAt: null }),
    },
    edges: {
      remark: (text) => {
        remarked += text;
      },
    },
  });
  return remarked;
}

describe('whoever asks for a refresh', () => {
  it('hears nothing while a worker with the same key runs', async () => {
    await expect(remarkOf({ workers: 1, keys: [TENANT] })).resolves.toBe('');
  });

  it('is told when no worker runs', async () => {
    await expect(remarkOf({ workers: 0, keys: [] })).resolves.toMatch(/^No worker is running/);
  });

  it('is told when the queue is paused', async () => {
    const remark = remarkOf({ workers: 1, paused: true, keys: [TENANT] });
    await expect(remark).resolves.toMatch(/^The queue is paused/);
  });

  it('is told when the workers have another key', async () => {
    const remark = remarkOf({ workers: 2, keys: ['b'.repeat(32)] });
    await expect(remark).resolves.toMatch(/^No worker has the same SECURITYTRAILS_API_KEY/);
  });
});
