import type { Finding } from './change.js';
import type { KnownHistory } from './known-history.js';

/** What a detector finds: the history after the look, and what is new in it. */
export interface Discovery {
  readonly history: KnownHistory;
  readonly findings: readonly Finding[];
}
