import type { Cluster, Redis } from 'ioredis';

import { HistoryWatch, RedisChangeStore, RedisHistoryStore } from '#changes';
import type { Change, ChangeStore } from '#changes';
import type { Caller, EnrichmentService } from '#enrichment';
import { RedisQuotaCircuit } from '#governor';
import { BullmqRefreshEnqueuer, BullmqRefreshQueue } from '#jobs';
import type { RefreshQueueReader } from '#jobs';
import { Ledger, RedisLedgerStore } from '#ledger';
import { DEFAULT_LIMITS, DEFAULT_TUNING, openWatch } from '#watch';
import type { ScheduleTuning, Watch, WatchLimits } from '#watch';

import { DueTick } from './due-tick.js';
import { HaltBoard } from './halt-board.js';
import { HistoryKeeper } from './history-keeper.js';
import { LookAhead } from './look-ahead.js';
import { Pacemaker } from './pacemaker.js';
import { PlanService } from './plan.service.js';
import type { ProgressBus } from './progress.js';
import { RedisHaltStore } from './redis.halt-store.js';
import { RedisProgressBus } from './redis.progress-bus.js';
import { RedisRestNotes } from './redis.rest-notes.js';
import { RefreshBooks } from './refresh-books.js';
import { RefreshNow } from './refresh-now.js';
import { RefreshRun } from './refresh-run.js';
import { WorkState } from './work-state.js';

/** What an operator sets: how much may be watched, and how long what changed is kept. */
export interface WatchingSettings {
  readonly maxLists: number;
  readonly maxObservables: number;
  readonly maxNoteLength: number;
  readonly firstFetchPages: number;
  readonly maxChanges: number;
  readonly changesKeepDays: number;
}

/** What an operator sets about upstream calls. */
export interface QuotaSettings {
  /** Share of the monthly quota, 0 to 1. */
  readonly interactiveReserve: number;
  /** Calls a month. */
  readonly hardMonthlyLimit?: number;
}

export interface WatchingOptions {
  /** Of the durable Redis; commands may be sent again, every write is safe to repeat. */
  readonly redis: Redis | Cluster;
  /** A connection that only listens, for {@link ProgressBus.listen}. */
  readonly subscriber?: Redis | Cluster;
  /** Digest of the API key for which it is worked. */
  readonly tenant: string;
  readonly settings: WatchingSettings;
  readonly quota: QuotaSettings;
  /** That of the process, where it makes calls: it remembers what it has counted. */
  readonly ledger?: Ledger;
  readonly tuning?: Partial<ScheduleTuning>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** 16 url-safe random characters. */
  readonly newId: () => string;
  /** Told of failures that nobody else hears of. */
  readonly onTrouble: (error: unknown) => void;
}

/** What doing refreshes needs beside. */
export interface RefreshParts {
  readonly caller: Caller;
  readonly enrichment: Pick<EnrichmentService, 'refresh'>;
  readonly random: () => number;
  readonly onChange?: (change: Change) => void;
}

/** Everything about watching, over one Redis connection: for the worker, the API, the command line. */
export interface Watching extends Watch {
  readonly tenant: string;
  readonly limits: WatchLimits;
  readonly histories: HistoryWatch;
  readonly changes: ChangeStore;
  readonly ledger: Ledger;
  readonly plan: PlanService;
  readonly halts: HaltBoard;
  readonly work: WorkState;
  /** Who gets how much of a quota that does not suffice. */
  readonly pace: Pacemaker;
  readonly progress: ProgressBus;
  readonly queue: RefreshQueueReader;
  readonly refreshNow: RefreshNow;
  /** For the worker: does refreshes. */
  refreshRun(parts: RefreshParts): RefreshRun;
  /** For the worker: moves what is due into the queue. */
  dueTick(readUsage: () => Promise<void>): DueTick;
  /** Ends the queues; the connections stay open. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

export function openWatching(options: WatchingOptions): Watching {
  const { settings } = options;
  const parts = openParts(options);
  const pace = new Pacemaker(parts);
  return {
    ...parts,
    pace,
    plan: new PlanService({ ...parts, firstFetchPages: settings.firstFetchPages }),
    refreshNow: new RefreshNow(parts),
    dueTick: (readUsage) => new DueTick({ ...parts, pace, readUsage }),
    refreshRun: (given) =>
      new RefreshRun({
        ...parts,
        ...given,
        watchers: parts,
        keeper: new HistoryKeeper(parts.histories, parts.changes),
        lookAhead: new LookAhead(parts),
        books: new RefreshBooks({ ...parts, ...given }),
        firstFetchPages: settings.firstFetchPages,
      }),
    close: async () => {
      await Promise.all([parts.enqueuer.close(), parts.queue.close()]);
    },
  };
}

function openParts(options: WatchingOptions) {
  const { redis, clock, tenant, settings, onTrouble } = options;
  const limits = limitsOf(settings);
  const retention = { most: settings.maxChanges, keepMs: settings.changesKeepDays * DAY_MS };
  const ledger = options.ledger ?? openLedger(options);
  const halts = new HaltBoard(new RedisHaltStore(redis), clock);
  const circuit = new RedisQuotaCircuit(redis, clock);
  const notes = new RedisRestNotes(redis);
  return {
    ...openWatch({ ...options, limits, tuning: { ...DEFAULT_TUNING, ...options.tuning } }),
    tenant,
    clock,
    limits,
    ledger,
    halts,
    circuit,
    work: new WorkState({ circuit, ledger, halts, notes, clock }),
    histories: new HistoryWatch(new RedisHistoryStore(redis, retention)),
    changes: new RedisChangeStore(redis, retention),
    progress: new RedisProgressBus(options),
    enqueuer: new BullmqRefreshEnqueuer(redis, onTrouble),
    queue: new BullmqRefreshQueue(redis, onTrouble),
  };
}

function limitsOf({ maxLists, maxObservables, maxNoteLength }: WatchingSettings): WatchLimits {
  return {
    ...DEFAULT_LIMITS,
    lists: maxLists,
    observablesPerList: maxObservables,
    noteLength: maxNoteLength,
  };
}

function openLedger({ redis, quota, clock, newId, onTrouble }: WatchingOptions): Ledger {
  const { interactiveReserve, hardMonthlyLimit } = quota;
  return new Ledger({
    store: new RedisLedgerStore(redis),
    clock,
    newId,
    interactiveReserve,
    ...(hardMonthlyLimit !== undefined && { hardMonthlyLimit }),
    onTrouble,
  });
}
