import { it, expect } from '@jest/globals';
import { Cluster } from 'ioredis';
import { startRedis } from '../support/redis-server.js';
import { Redis } from 'ioredis';
import { openWatch, DEFAULT_LIMITS, DEFAULT_TUNING } from '../../libs/watch/src/index.js';
it('c', async () => {
  const s = await startRedis({ args: ['--cluster-enabled', 'yes'] });
  const r = new Redis(s.url); await r.call('cluster', 'addslotsrange', '0', '16383');
  await new Promise((x) => setTimeout(x, 1500));
  const redis = new Cluster([{ host: '127.0.0.1', port: s.port }]);
  try {
    const w = openWatch({ redis, clock: Date.now, newId: () => 'abcdefgh12345678', limits: DEFAULT_LIMITS, tuning: DEFAULT_TUNING });
    const l = await w.lists.create({ name: 'x' }, 'a'); if (!l.ok) throw new Error('x');
    const a = await w.members.add(l.value.id, Array.from({length: 1200}, (_, i) => ({ observable: { type: 'domain', value: `h${i}.example.com` } as const })), 'a');
    expect(a.ok).toBe(true);
    expect((await w.reader.page(l.value, { first: 5 })).items).toHaveLength(5);
    expect((await w.reader.summaries([l.value]))[0]?.total).toBe(1200);
    expect(await w.schedule.claimDue(Date.now() + 1e7, 7)).toHaveLength(7);
    expect((await w.lists.delete(l.value.id)).ok).toBe(true);
  } finally { redis.disconnect(); r.disconnect(); await s.stop(); }
}, 30000);
