export { JOB_KEY_PREFIX, PRIORITY, REFRESH_QUEUE, refreshDeduplicationId } from './catalogue.js';
export type { RefreshCause, RefreshJob } from './catalogue.js';
export { JobError } from './errors.js';
export { parseRefreshJob } from './refresh-job.schema.js';
export type { RefreshEnqueuer } from './enqueuer.port.js';
export { BullmqRefreshEnqueuer } from './bullmq.refresh-enqueuer.js';
export { RedisWorkerPresence } from './redis.worker-presence.js';
