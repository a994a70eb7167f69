import type { Finding } from './finding.js';
import type { RedisAnswer, RedisFacts } from './redis-facts.js';

/** The queue's Redis: what is lost there is lost (config.md, REDIS_URL). */
export function queueFindings(answer: RedisAnswer): Finding[] {
  const name = 'queue Redis';
  if ('away' in answer) {
    return [away(name, answer.away, 'REDIS_URL')];
  }
  const { facts } = answer;
  return [reached(name, facts), queuePolicy(facts), persistence(facts)];
}

/** The cache's Redis: losing it does no harm, refusing writes does (config.md, CACHE_REDIS_URL). */
export function cacheFindings(answer: RedisAnswer, sharedWithQueue: boolean): Finding[] {
  const name = 'cache Redis';
  if ('away' in answer) {
    return [away(name, answer.away, 'CACHE_REDIS_URL')];
  }
  const { facts } = answer;
  if (sharedWithQueue) {
    const text = 'the same as the queue: it cannot evict, so it grows with what is cached';
    const remedy = 'give the cache a Redis of its own: CACHE_REDIS_URL';
    return [{ level: 'warn', name, text, remedy }];
  }
  return [reached(name, facts), cachePolicy(facts)];
}

function reached(name: string, { version }: RedisFacts): Finding {
  return { level: 'ok', name, text: `Redis ${version} answers` };
}

function away(name: string, reason: string, variable: string): Finding {
  const remedy = `start it, or correct ${variable}`;
  return { level: 'FAIL', name, text: `cannot be reached: ${reason}`, remedy };
}

function queuePolicy({ evictionPolicy }: RedisFacts): Finding {
  const name = 'queue eviction';
  if (evictionPolicy === 'noeviction') {
    return { level: 'ok', name, text: 'noeviction' };
  }
  const remedy = 'set maxmemory-policy noeviction, else jobs disappear';
  return { level: 'FAIL', name, text: evictionPolicy, remedy };
}

function persistence({ appendOnly, snapshots }: RedisFacts): Finding {
  const name = 'queue on disk';
  if (appendOnly) {
    return { level: 'ok', name, text: 'append-only file' };
  }
  const remedy = 'set appendonly yes';
  return snapshots === false
    ? { level: 'FAIL', name, text: 'nothing is written: a restart loses every job', remedy }
    : { level: 'warn', name, text: 'snapshots at most: a crash loses the last minutes', remedy };
}

function cachePolicy({ evictionPolicy, memoryLimit }: RedisFacts): Finding {
  const name = 'cache eviction';
  if (memoryLimit === 0) {
    const remedy = 'set maxmemory, such as 512mb';
    return { level: 'warn', name, text: 'no memory limit: it grows without end', remedy };
  }
  if (evictionPolicy.startsWith('allkeys-') || evictionPolicy.startsWith('volatile-')) {
    return { level: 'ok', name, text: evictionPolicy };
  }
  const remedy = 'set maxmemory-policy allkeys-lfu';
  return { level: 'warn', name, text: `${evictionPolicy}: once full it stops caching`, remedy };
}
