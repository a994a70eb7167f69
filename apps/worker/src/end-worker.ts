import type { Worker } from 'bullmq';

/** BullMQ waits for running jobs without end, for ever when Redis is away; nor can it be hurried later. */
const CLOSE_MS = 8_000;

/** Takes no more jobs and ends those in hand; after 8 s they are left to another worker. */
export async function endWorker(worker: Worker<unknown>): Promise<void> {
  const cut = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
  await Promise.race([worker.close(), cut]);
}
