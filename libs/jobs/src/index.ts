export {
  JOB_KEY_PREFIX,
  JOB_PRIORITIES,
  jobPriority,
  REFRESH_CAUSES,
  REFRESH_QUEUE,
  refreshDeduplicationId,
  SCHEDULE_QUEUE,
  WEBHOOK_QUEUE,
} from './catalogue.js';
export type { JobPriority, RefreshCause, RefreshJob, WebhookJob } from './catalogue.js';
export { JobError } from './errors.js';
export { parseRefreshJob } from './refresh-job.schema.js';
export { parseWebhookJob } from './webhook-job.schema.js';
export type { Enqueued, RefreshEnqueuer } from './enqueuer.port.js';
export type { QueueFigures, RefreshQueueReader } from './queue-figures.js';
export { BullmqRefreshEnqueuer } from './bullmq.refresh-enqueuer.js';
export { BullmqRefreshQueue } from './bullmq.refresh-queue.js';
export { BullmqWebhookEnqueuer } from './bullmq.webhook-enqueuer.js';
export type { DueDelivery } from './bullmq.webhook-enqueuer.js';
export { BullmqTickSchedule } from './bullmq.tick-schedule.js';
export { RedisWorkerPresence } from './redis.worker-presence.js';
export { BullmqQueueDesk } from './bullmq.queue-desk.js';
export { JOB_STATES } from './queue-desk.port.js';
export type { JobPage, JobState, JobView, QueueDesk } from './queue-desk.port.js';
