export { DEPLOYMENT } from './deployment.js';
export { DueTick } from './due-tick.js';
export type { TickReport } from './due-tick.js';
export { HALT_SCOPES } from './halt.js';
export type { EndpointKind, Halt, HaltReason, HaltScope } from './halt.js';
export { HaltBoard } from './halt-board.js';
export { Pacemaker } from './pacemaker.js';
export type { CallsByPriority, Pacing } from './pacing.js';
export { PlanService } from './plan.service.js';
export type { ImportPreview, Plan, PlanParts } from './plan.service.js';
export type { PlanBasis } from './plan-survey.js';
export { REFRESH_STATES } from './progress.js';
export type { ProgressBus, RefreshProgress, RefreshState, WatchEvent } from './progress.js';
export { RedisProgressBus } from './redis.progress-bus.js';
export { openWatching } from './redis.watching.js';
export type {
  QuotaSettings,
  RefreshParts,
  Watching,
  WatchingOptions,
  WatchingSettings,
} from './redis.watching.js';
export { REST_REASONS } from './refresh-end.js';
export type { RefreshEnd, RestReason } from './refresh-end.js';
export { RefreshNow } from './refresh-now.js';
export type { RefreshAsked } from './refresh-now.js';
export { RefreshRun } from './refresh-run.js';
export { WorkState } from './work-state.js';
export type { Rest, Work } from './work-state.js';
