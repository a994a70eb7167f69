import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';

import { BullmqQueueDesk } from '#jobs';
import type { JobState, JobView, QueueFigures } from '#jobs';

import { OpsError } from '../ops.errors.js';
import { Needs } from '../schema/access.js';
import { connection, PageArgs, pageWish } from '../schema/connection.js';
import { JobStateEnum } from '../schema/enums.js';
import { userError } from '../schema/user-error.object-type.js';
import {
  JobConnectionObject,
  JobInput,
  JobObject,
  JobPayload,
  QueueInput,
  queueObject,
  QueueObject,
  QueuePayload,
  RetryJobsPayload,
} from './queue.object-type.js';

/** The queues of background work. */
@Resolver(() => QueueObject)
export class QueuesResolver {
  constructor(private readonly desk: BullmqQueueDesk) {}

  @Query(() => [QueueObject], { complexity: 5, description: 'All queues.' })
  @Needs('VIEWER')
  async queues(): Promise<QueueObject[]> {
    return (await this.desk.queues()).map(viewOf);
  }

  @Query(() => JobConnectionObject, {
    complexity: 10,
    description: 'Jobs of a state, in the order of their queue.',
  })
  @Needs('VIEWER')
  async jobs(
    @Args('queue', { type: () => String }) queue: string,
    @Args('state', { type: () => JobStateEnum }) state: JobState,
    @Args() args: PageArgs,
  ) {
    const wish = pageWish(args);
    const page = await this.desk.page(queue, { state, ...wish });
    if (page === undefined) {
      throw new OpsError('NOT_FOUND', 'There is no queue of this name.');
    }
    const cursors = new Map(page.jobs.map(({ job, cursor }) => [job, cursor]));
    return connection<JobView>(wish, {
      items: page.jobs.map(({ job }) => job),
      cursorOf: (job) => cursors.get(job) ?? '',
      hasMore: page.hasMore,
      total: page.total,
    });
  }

  @Query(() => JobObject, { nullable: true, description: 'One job; null when it is not there.' })
  @Needs('VIEWER')
  async job(
    @Args('queue', { type: () => String }) queue: string,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<JobView | null> {
    return (await this.desk.job(queue, id)) ?? null;
  }

  @Mutation(() => QueuePayload, { complexity: 10, description: 'Nothing of it begins any more.' })
  @Needs('ADMIN')
  async pauseQueue(
    @Args('input', { type: () => QueueInput }) { queue }: QueueInput,
  ): Promise<QueuePayload> {
    return payloadOf(await this.desk.setPaused(queue, true));
  }

  @Mutation(() => QueuePayload, { complexity: 10, description: 'Its jobs begin again.' })
  @Needs('ADMIN')
  async resumeQueue(
    @Args('input', { type: () => QueueInput }) { queue }: QueueInput,
  ): Promise<QueuePayload> {
    return payloadOf(await this.desk.setPaused(queue, false));
  }

  @Mutation(() => RetryJobsPayload, { complexity: 50, description: 'Puts failed jobs back.' })
  @Needs('ADMIN')
  async retryFailedJobs(
    @Args('input', { type: () => QueueInput }) { queue }: QueueInput,
  ): Promise<RetryJobsPayload> {
    const retried = await this.desk.retry(queue);
    return retried === undefined
      ? { retried: 0, userErrors: [NO_QUEUE] }
      : { retried, userErrors: [] };
  }

  @Mutation(() => JobPayload, { complexity: 10, description: 'Puts one failed job back.' })
  @Needs('ADMIN')
  async retryJob(
    @Args('input', { type: () => JobInput }) { queue, id }: JobInput,
  ): Promise<JobPayload> {
    const retried = await this.desk.retry(queue, id);
    const job = (await this.desk.job(queue, id)) ?? null;
    const fault = userError('NOT_FOUND', ['id'], 'id is no failed job of the queue');
    return { job, userErrors: retried === 1 ? [] : [retried === undefined ? NO_QUEUE : fault] };
  }
}

const NO_QUEUE = userError('NOT_FOUND', ['queue'], 'queue is not there');

function payloadOf(figures: QueueFigures | undefined): QueuePayload {
  return figures === undefined
    ? { queue: null, userErrors: [NO_QUEUE] }
    : { queue: viewOf(figures), userErrors: [] };
}

/** Jobs tell the time of the machine, whatever clock the rest goes by. */
function viewOf(figures: QueueFigures): QueueObject {
  return queueObject(figures, Date.now());
}
