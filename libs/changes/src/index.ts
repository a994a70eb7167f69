export type { Change, ChangeKind, StoredChange } from './change.js';
export { CHANGE_KINDS } from './change.js';
export { MOST_A_PAGE } from './change-store.port.js';
export type {
  Acknowledged,
  Acknowledgement,
  ChangeFilter,
  ChangePage,
  ChangeQuery,
  ChangeStore,
  PageQuery,
  Retention,
} from './change-store.port.js';
export { ChangesError } from './errors.js';
export type { ChangesErrorCode } from './errors.js';
export type { Commit, Held, HistoryStore } from './history-store.port.js';
export { HistoryWatch } from './history-watch.js';
export type {
  BacktestQuery,
  BacktestResult,
  BacktestRow,
  LookOutcome,
  LookResult,
} from './history-watch.js';
export type { Interval, KnownInterval } from './interval.js';
export { CURRENT_WITHIN_DAYS } from './known-history.js';
export type { KnownHistory } from './known-history.js';
export type { Look, Reach } from './look.js';
export { MemoryChangeStore } from './memory.change-store.js';
export { cursorOf } from './place.js';
export { RedisChangeStore } from './redis.change-store.js';
export { RedisHistoryStore } from './redis.history-store.js';
export { DNS_RECORD_TYPES, RECORDS_OF } from './subject.js';
export type { DnsRecordType, Subject } from './subject.js';
