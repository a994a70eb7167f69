import type { Change } from '#changes';
import type { QueueFigures } from '#jobs';
import type { Account } from '#ledger';
import { METRIC_PREFIX } from '#platform';
import type { MetricsRegistry } from '#platform';
import { PRIORITIES } from '#watch';
import type { DueFigures } from '#watch';
import { REST_REASONS } from '#watching';
import type { Pacing, RefreshEnd, Work } from '#watching';
import { Counter, Gauge } from 'prom-client';

/** The state of watching when a scrape comes. */
export interface WatchingState {
  /** Epoch milliseconds of it, by the time of the refreshes and by that of the queue. */
  readonly at: number;
  readonly queueAt: number;
  readonly due: DueFigures;
  readonly queue: QueueFigures;
  readonly account: Account;
  readonly work: Work;
  readonly pacing: Pacing;
}

type Ended = RefreshEnd | { readonly kind: 'stalled' };
type Show = (gauge: Gauge, state: WatchingState) => void;

/** A scrape waits no longer for Redis. */
const READ_MS = 800;
/** The gauges of one scrape show one state. */
const SHARED_MS = 500;

const JOB_STATES = [
  'waiting',
  'prioritized',
  'active',
  'delayed',
  'completed',
  'failed',
] as const satisfies readonly (keyof QueueFigures)[];

/**
 * The worker's own series. Labels have few values by construction: never an observable, list, key
 * or tenant.
 */
export class WorkerMetrics {
  readonly #registry: MetricsRegistry;
  readonly #refreshes: Counter<'outcome' | 'reason'>;
  readonly #changes: Counter<'kind'>;
  readonly #ticks: Counter<'outcome'>;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
    const registers = [registry];
    this.#refreshes = new Counter({
      name: `${METRIC_PREFIX}refreshes`,
      help: 'Refresh jobs done, by how they ended and why.',
      labelNames: ['outcome', 'reason'],
      registers,
    });
    this.#changes = new Counter({
      name: `${METRIC_PREFIX}changes`,
      help: 'Changes found in watched histories, by kind.',
      labelNames: ['kind'],
      registers,
    });
    this.#ticks = new Counter({
      name: `${METRIC_PREFIX}ticks`,
      help: 'Ticks of the schedule done by this process, by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
  }

  ended(end: Ended): void {
    this.#refreshes.inc({ outcome: end.kind, reason: reasonOf(end) });
  }

  changed({ kind }: Pick<Change, 'kind'>): void {
    this.#changes.inc({ kind });
  }

  ticked(outcome: 'ok' | 'failed'): void {
    this.#ticks.inc({ outcome });
  }

  /** Shows the state that `read` gives, once a scrape; none while it cannot be read. Once. */
  watch(read: () => Promise<WatchingState>): void {
    const shared = sharing(read);
    for (const { name, help, labels, show } of GAUGES) {
      new Gauge({
        name: METRIC_PREFIX + name,
        help,
        labelNames: labels,
        registers: [this.#registry],
        async collect() {
          const state = await shared();
          this.reset();
          if (state !== undefined) {
            show(this, state);
          }
        },
      });
    }
  }
}

const GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly labels: string[];
  readonly show: Show;
}[] = [
  {
    name: 'due_lag_seconds',
    help: 'For how long what waits longest has been due; 0 when nothing is.',
    labels: [],
    show: (gauge, { due, at }) => {
      gauge.set(due.oldestDueAt === null ? 0 : secondsBetween(due.oldestDueAt, at));
    },
  },
  {
    name: 'due_observables',
    help: 'What is due, by priority; an observable counts on each of its lists.',
    labels: ['priority'],
    show: (gauge, { due }) => {
      for (const priority of PRIORITIES) {
        gauge.set({ priority }, due.byPriority[priority]);
      }
    },
  },
  {
    name: 'queue_oldest_waiting_seconds',
    help: 'For how long the oldest job in the queue has waited; 0 when none does.',
    labels: [],
    show: (gauge, { queue: { oldestWaitingAt }, queueAt }) => {
      gauge.set(oldestWaitingAt === null ? 0 : secondsBetween(oldestWaitingAt, queueAt));
    },
  },
  {
    name: 'queue_jobs',
    help: 'Jobs in the refresh queue, by state.',
    labels: ['state'],
    show: (gauge, { queue }) => {
      for (const state of JOB_STATES) {
        gauge.set({ state }, queue[state]);
      }
    },
  },
  {
    name: 'quota_calls',
    help: 'Calls of this month: used, and as far as a limit is known, limit, remaining, reserve.',
    labels: ['figure'],
    show: (gauge, { account: { used, limit, remaining, reserve } }) => {
      gauge.set({ figure: 'used' }, used);
      if (limit !== null && remaining !== null) {
        gauge.set({ figure: 'limit' }, limit);
        gauge.set({ figure: 'remaining' }, remaining);
        gauge.set({ figure: 'reserve' }, reserve);
      }
    },
  },
  {
    name: 'pace_short',
    help: 'Whether lists get less than they plan, so that the quota lasts the month.',
    labels: [],
    show: (gauge, { pacing }) => {
      gauge.set(pacing.isShort ? 1 : 0);
    },
  },
  {
    name: 'work_resting',
    help: 'Whether all refreshes rest for this reason.',
    labels: ['reason'],
    show: (gauge, { work }) => {
      for (const reason of REST_REASONS) {
        gauge.set({ reason }, work.rest?.reason === reason ? 1 : 0);
      }
    },
  },
];

function reasonOf(end: Ended): string {
  switch (end.kind) {
    case 'waiting':
      return end.reason;
    case 'retry':
    case 'give_up':
      return end.code;
    case 'done':
    case 'nobody':
    case 'throttled':
    case 'stalled':
      return '';
  }
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}

/** One read for all who ask at about the same time; undefined when it fails or takes too long. */
function sharing(read: () => Promise<WatchingState>): () => Promise<WatchingState | undefined> {
  let current: Promise<WatchingState | undefined> | undefined;
  return () => {
    if (current === undefined) {
      current = within(READ_MS, read());
      setTimeout(() => {
        current = undefined;
      }, SHARED_MS).unref();
    }
    return current;
  };
}

function within<T>(ms: number, reading: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, undefined);
    const end = (value: T | undefined): void => {
      clearTimeout(timer);
      resolve(value);
    };
    reading.then(end, () => {
      end(undefined);
    });
  });
}
