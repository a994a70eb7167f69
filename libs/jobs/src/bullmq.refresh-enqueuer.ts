import { randomUUID } from 'node:crypto';

import type { BulkJobOptions, Job, Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { LazyQueue } from './bullmq.queue.js';
import { AGAIN_PRIORITY, jobPriority, REFRESH_QUEUE, refreshDeduplicationId } from './catalogue.js';
import type { RefreshJob } from './catalogue.js';
import type { Enqueued, RefreshEnqueuer } from './enqueuer.port.js';
import { parseRefreshJob } from './refresh-job.schema.js';

const DAY_SECONDS = 86_400;
/** BullMQ's number for a job that is not there (any more). */
const MISSING_JOB = -1;

type Wish = {
  readonly name: string;
  readonly data: RefreshJob;
  readonly opts: BulkJobOptions & { readonly jobId: string; readonly priority: number };
};
type RefreshQueue = Queue<RefreshJob, unknown, string, RefreshJob>;

/** Puts refreshes on the BullMQ queue. Uses a connection that it does not own. */
export class BullmqRefreshEnqueuer implements RefreshEnqueuer {
  readonly #queue: LazyQueue<RefreshJob>;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#queue = new LazyQueue({
      name: REFRESH_QUEUE,
      redis,
      onError,
      jobs: {
        attempts: 4,
        backoff: { type: 'exponential', delay: 5_000, jitter: 0.5 },
        removeOnComplete: { count: 1_000, age: DAY_SECONDS },
        removeOnFail: { count: 1_000, age: 7 * DAY_SECONDS },
      },
    });
  }

  async enqueue(job: RefreshJob): Promise<Enqueued> {
    const [outcome = 'already'] = await this.enqueueMany([job]);
    return outcome;
  }

  async enqueueMany(jobs: readonly RefreshJob[]): Promise<readonly Enqueued[]> {
    const wishes = jobs.map(wishOf);
    const queue = await this.#queue.ready();
    const held = await queue.addBulk(wishes);
    return Promise.all(wishes.map((wish, index) => outcomeOf(queue, wish, held[index])));
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

/** Its own id tells whether BullMQ made a job of it or answered with the one that there is. */
function wishOf(job: RefreshJob): Wish {
  const data = parseRefreshJob(job);
  const deduplication = { id: refreshDeduplicationId(data) };
  const opts = { jobId: randomUUID(), priority: jobPriority(data), deduplication };
  return { name: REFRESH_QUEUE, data, opts };
}

async function outcomeOf(
  queue: RefreshQueue,
  wish: Wish,
  held: Job | undefined,
): Promise<Enqueued> {
  if (held?.id === undefined || held.id === wish.opts.jobId) {
    return 'queued';
  }
  const waiting = await queue.getJob(held.id);
  if (waiting !== undefined) {
    await raise(waiting, wish).catch(ignoreMissing);
  }
  return 'already';
}

async function raise(waiting: Job<RefreshJob>, { data, opts }: Wish): Promise<void> {
  if (data.cause === 'operator' && waiting.data.cause === 'scheduled') {
    await waiting.updateData({ ...waiting.data, cause: 'operator' });
  }
  const isAgain = data.cause === 'scheduled' && waiting.data.cause !== 'stale';
  const priority = isAgain ? AGAIN_PRIORITY : opts.priority;
  if (waiting.priority > priority) {
    await waiting.changePriority({ priority });
  }
}

/** A job that was done meanwhile needs no place. */
function ignoreMissing(error: unknown): void {
  const missing = error instanceof Error && 'code' in error && error.code === MISSING_JOB;
  if (!missing) {
    throw error;
  }
}
