import type { Job } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { LazyQueue } from './bullmq.queue.js';
import { queueFigures } from './bullmq.refresh-queue.js';
import { REFRESH_QUEUE, SCHEDULE_QUEUE, WEBHOOK_QUEUE } from './catalogue.js';
import type { JobPage, JobState, JobView, QueueDesk } from './queue-desk.port.js';
import type { QueueFigures } from './queue-figures.js';
import { parseRefreshJob } from './refresh-job.schema.js';

const NAMES = [REFRESH_QUEUE, SCHEDULE_QUEUE, WEBHOOK_QUEUE] as const;
/** BullMQ's words for the states. */
const TYPES = {
  WAITING: 'wait',
  PRIORITIZED: 'prioritized',
  ACTIVE: 'active',
  DELAYED: 'delayed',
  COMPLETED: 'completed',
  FAILED: 'failed',
} as const satisfies Record<JobState, string>;
/** `<position>:<id>`. */
const CURSOR = /^(\d{1,9}):(.+)$/s;

type ReadyQueue = Awaited<ReturnType<LazyQueue<unknown>['ready']>>;

/** The BullMQ queues of the project. Uses a connection that it does not own. */
export class BullmqQueueDesk implements QueueDesk {
  readonly #queues: ReadonlyMap<string, LazyQueue<unknown>>;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#queues = new Map(
      NAMES.map((name) => [name, new LazyQueue<unknown>({ name, redis, onError, jobs: {} })]),
    );
  }

  async queues(): Promise<readonly QueueFigures[]> {
    return Promise.all(
      [...this.#queues.values()].map(async (queue) => queueFigures(await queue.ready())),
    );
  }

  async page(
    name: string,
    query: { readonly state: JobState; readonly first: number; readonly after?: string },
  ): Promise<JobPage | undefined> {
    const queue = await this.#queues.get(name)?.ready();
    if (queue === undefined) {
      return undefined;
    }
    // What waits and what is kept is bounded to some thousands; their ids are one short answer.
    const ids = await queue.getRanges([TYPES[query.state]], 0, -1, true);
    const start = startAfter(ids, query.after);
    const shown = ids.slice(start, start + query.first);
    const found = await Promise.all(shown.map((id) => queue.getJob(id)));
    const jobs = found.flatMap((job, index) =>
      job === undefined
        ? []
        : [{ cursor: cursorOf(start + index, job), job: viewOf(job, query.state) }],
    );
    return { jobs, hasMore: start + query.first < ids.length, total: ids.length };
  }

  async job(name: string, id: string): Promise<JobView | undefined> {
    const queue = await this.#queues.get(name)?.ready();
    const job = await queue?.getJob(id);
    const state = job && stateOf(await job.getState());
    return job && state && viewOf(job, state);
  }

  async setPaused(name: string, paused: boolean): Promise<QueueFigures | undefined> {
    const queue = await this.#queues.get(name)?.ready();
    await (paused ? queue?.pause() : queue?.resume());
    return queue && queueFigures(queue);
  }

  async retry(name: string, id?: string): Promise<number | undefined> {
    const queue = await this.#queues.get(name)?.ready();
    if (queue === undefined) {
      return undefined;
    }
    return id === undefined ? retryAll(queue) : retryOne(queue, id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

async function retryAll(queue: ReadyQueue): Promise<number> {
  const failed = await queue.getFailedCount();
  await queue.retryJobs({ state: 'failed' });
  return failed;
}

async function retryOne(queue: ReadyQueue, id: string): Promise<number> {
  const job: Job | undefined = await queue.getJob(id);
  if (job === undefined || (await job.getState()) !== 'failed') {
    return 0;
  }
  await job.retry('failed');
  return 1;
}

function startAfter(ids: readonly string[], after: string | undefined): number {
  const [, position, id = ''] = CURSOR.exec(
    Buffer.from(after ?? '', 'base64url').toString('utf8'),
  ) ?? [undefined, undefined];
  if (position === undefined) {
    return 0;
  }
  const index = ids.indexOf(id);
  // Where it was, what came behind it has moved up.
  return index === -1 ? Math.min(Number(position), ids.length) : index + 1;
}

function cursorOf(position: number, { id = '' }: Job): string {
  return Buffer.from(`${position}:${id}`).toString('base64url');
}

function stateOf(text: string): JobState | undefined {
  switch (text) {
    case 'waiting':
    case 'wait':
      return 'WAITING';
    case 'prioritized':
      return 'PRIORITIZED';
    case 'active':
      return 'ACTIVE';
    case 'delayed':
      return 'DELAYED';
    case 'completed':
      return 'COMPLETED';
    case 'failed':
      return 'FAILED';
    default:
      return undefined;
  }
}

function viewOf(job: Job, state: JobState): JobView {
  const { id = '', name, attemptsMade, timestamp, processedOn, finishedOn } = job;
  return {
    id,
    name,
    state,
    observable: aboutOf(job),
    attemptsMade,
    failedReason: state === 'FAILED' ? job.failedReason : null,
    createdAt: timestamp,
    processedAt: processedOn ?? null,
    finishedAt: finishedOn ?? null,
  };
}

function aboutOf({ queueName, data }: Job): JobView['observable'] {
  if (queueName !== REFRESH_QUEUE) {
    return null;
  }
  try {
    return parseRefreshJob(data).observable;
  } catch {
    // A job of another version is still one that an operator may see.
    return null;
  }
}
