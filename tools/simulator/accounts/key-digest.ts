import { createHash } from 'node:crypto';

/** 12 hex characters that stand for an API key in logs, counters and answers: never the key. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}
