export { openWatch } from './redis.watch.js';
export type { Watch, WatchOptions } from './redis.watch.js';
export { DEFAULT_LIMITS } from './limits.js';
export type { WatchLimits } from './limits.js';
export { WatchError } from './fault.js';
export type { Outcome, WatchErrorCode, WatchFault, WatchFaultCode } from './fault.js';
export { DEFAULT_SETTINGS, PRIORITIES } from './watchlist.js';
export type { ListSettings, Priority, Watchlist } from './watchlist.js';
export { listCursor, ListService } from './list.service.js';
export type { ListDraft, ListFilter } from './list.service.js';
export { MemberService } from './member.service.js';
export type { Added } from './member.service.js';
export type { MembershipPatch, WatchWish } from './place.js';
export { observableCursor, ObservableReader } from './observable-reader.js';
export type { ListSummary, ObservableFilter } from './observable-reader.js';
export type { Page, PageRequest } from './page.js';
export { watchedId } from './observable-key.js';
export type { WatchedObservable } from './watched-observable.js';
export { WATCH_STATES } from './state.js';
export type { WatchState } from './state.js';
export { DEFAULT_TUNING } from './schedule.js';
export type { ScheduleTuning } from './schedule.js';
export type { ClaimCaps, ClaimLane } from './claim-order.js';
export { RefreshSchedule } from './refresh-schedule.js';
export type { Claim, DueFigures } from './refresh-schedule.js';
export type { Settlement } from './transitions.js';
export { RollForward } from './roll-forward.js';
export { BackupService } from './backup.service.js';
export type { Restored } from './backup.service.js';
export { MAX_REJECTIONS, readBulkText } from './bulk-text.js';
export { wishesOf } from './bulk-wishes.js';
export type {
  AcceptedValue,
  BulkOptions,
  BulkResult,
  RejectedValue,
  RejectionReason,
} from './bulk-text.js';
export { parseExpiry } from './expiry.js';
