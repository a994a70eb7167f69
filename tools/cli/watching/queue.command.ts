import { Command } from 'commander';

import type { QueueFigures } from '#jobs';
import type { DueFigures } from '#watch';
import type { Work } from '#watching';

import type { CliEdges } from '../cli-edges.js';

import { result } from './result.js';
import { fields } from './table.js';
import { instantText } from './terminal-text.js';
import { atDesk } from './watching-desk.js';
import { haltField, remarkIdleness, workJson, workText } from './work-view.js';

/** `queue`: what waits, what is due, and whether the work goes on. */
export function queueCommand(edges: CliEdges): Command {
  return new Command('queue')
    .description('whether refreshes go on, what is due and what waits')
    .option('--json', 'for scripts')
    .action(async ({ json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const now = edges.now();
        const [queue, due, work] = await Promise.all([
          desk.queue.figures(),
          desk.schedule.dueCount(now),
          desk.work.read(desk.tenant),
        ]);
        const seen = { queue, due, work, now };
        result(edges, json, queueJson(seen), () => queueFields(seen));
        await remarkIdleness(desk);
      });
    });
}

interface Seen {
  readonly queue: QueueFigures;
  readonly due: DueFigures;
  readonly work: Work;
  readonly now: number;
}

function queueJson({ queue, due, work, now }: Seen): object {
  const { oldestWaitingAt, name, paused, workers, ...counts } = queue;
  return {
    work: workJson(work),
    queue: {
      name,
      paused,
      workers,
      counts,
      oldestWaitingSeconds: secondsSince(oldestWaitingAt, now),
    },
    due: {
      total: due.total,
      byPriority: due.byPriority,
      oldestDueAt: instantText(due.oldestDueAt),
      lagSeconds: secondsSince(due.oldestDueAt, now),
    },
  };
}

function queueFields({ queue, due, work, now }: Seen): string[] {
  const { byPriority } = due;
  return fields([
    ['refreshing', workText(work)],
    ...work.halts.map(haltField),
    ['workers', queue.workers],
    ['queue', queue.paused ? 'paused' : 'running'],
    ['jobs waiting', queue.waiting + queue.prioritized],
    ['  the oldest for', ageText(queue.oldestWaitingAt, now)],
    ['jobs in work', queue.active],
    ['jobs put off', queue.delayed],
    ['jobs kept: completed', queue.completed],
    ['jobs kept: failed', queue.failed],
    ['observables due', due.total],
    ['  HIGH', byPriority.HIGH],
    ['  NORMAL', byPriority.NORMAL],
    ['  LOW', byPriority.LOW],
    ['  the oldest for', ageText(due.oldestDueAt, now)],
  ]);
}

function secondsSince(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, (now - at) / 1_000);
}

function ageText(at: number | null, now: number): string {
  const seconds = secondsSince(at, now);
  return seconds === null ? '-' : `${Math.round(seconds)} s`;
}
