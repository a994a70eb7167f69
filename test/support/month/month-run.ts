import { randomBytes } from 'node:crypto';

import { cursorOf } from '#changes';
import type { StoredChange } from '#changes';
import { CALL_CAUSES } from '#ledger';
import type { CallCause } from '#ledger';
import type { CanonicalObservable } from '#observables';
import type { Priority } from '#watch';
import { PRIORITIES } from '#watch';
import { DEPLOYMENT } from '#watching';

import type { Simulator } from '../../../tools/simulator/simulator.js';
import { startSimulator } from '../../../tools/simulator/simulator.js';
import { randomNumbers } from '../kills/random-numbers.js';
import { startRedis } from '../redis-server.js';
import { ACTOR, valueOf } from '../watch-world.js';
import { ChangingWorld } from './changing-world.js';
import { LagBook } from './lag-book.js';
import type { Lag } from './lag-book.js';
import { startMonthWorker } from './month-worker.js';
import type { JobEnd, MonthWorker } from './month-worker.js';
import { monthLists, plannedCalls, watchedIn } from './watched-month.js';
import type { MonthList, Watched } from './watched-month.js';

export interface MonthOptions {
  /** Simulated days, 1 to 30. */
  readonly days: number;
  readonly observables: number;
  /** How much of what the lists plan the quota holds. */
  readonly quotaShare: number;
  readonly seed: number;
}

export interface MonthReport {
  readonly planned: number;
  /** Calls a month that are never exceeded, and how many of them are the analysts'. */
  readonly limit: number;
  readonly reserve: number;
  /** Calls that the simulator counted, and by what it was asked. */
  readonly counted: number;
  readonly countedByCause: Readonly<Record<CallCause, number>>;
  /** By the ledger. */
  readonly byCause: Readonly<Record<CallCause, number>>;
  /** Of the refreshes, in simulated hours; what was still due at the end waits until then. */
  readonly lag: Readonly<Record<Priority, Lag>>;
  readonly overdue: Readonly<Record<Priority, number>>;
  readonly jobs: Readonly<Record<JobEnd, number>>;
  /** Calls of the background beyond what the reserve leaves to it. */
  readonly intoReserve: number;
  /** Analysts' questions that the hard limit refused. */
  readonly refusedAtLimit: number;
  readonly moves: number;
  readonly movesUnseen: number;
  readonly changes: number;
  /** Observables of which too much, too little or something else was told. */
  readonly wrongChanges: readonly string[];
  /** Observables not compared: a refresh of theirs was put off or failed, perhaps half done. */
  readonly leftOut: number;
  readonly seconds: number;
}

/** The month has 30 days; a shorter run ends early, with the quota of all of it. */
const START = Date.parse('2027-04-01T00:00:00Z');
const STEP_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const RESERVE = 0.1;
/** Of all observables, a day. */
const MOVES_A_DAY = 0.03;
/** Analysts' questions a day for each observable; of others, that nobody watches. */
const QUESTIONS_A_DAY = 0.004;

/** A month of a worker whose clock is moved in steps: all its parts are real but the time. */
export async function runMonth(options: MonthOptions): Promise<MonthReport> {
  const begun = performance.now();
  await using stack = new AsyncDisposableStack();
  const lists = monthLists(options.observables);
  const watched = watchedIn(lists);
  const planned = plannedCalls(watched.values());
  const limit = Math.ceil((planned * options.quotaShare) / (1 - RESERVE));
  const time = { now: START };
  const apiKey = randomBytes(12).toString('hex');
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const simulator = await startSimulator({
    clock: () => time.now,
    keys: { [apiKey]: { perSecond: 1_000_000, monthly: 10 * limit } },
  });
  stack.defer(() => simulator.close());
  const month = new Month({ time, watched, simulator, options });
  const worker = await startMonthWorker({
    apiKey,
    clock: () => time.now,
    env: environment(redis.url, simulator.url, limit),
    onEnd: (job, end) => {
      month.ended(job.observable, job.since ?? 0, end);
    },
  });
  stack.defer(() => worker.stop());
  await addLists(worker, lists);
  const report = await month.live(worker, apiKey);
  const seconds = Math.round((performance.now() - begun) / 1_000);
  return { planned, limit, reserve: Math.ceil(limit * RESERVE), ...report, seconds };
}

type Lived = Omit<MonthReport, 'planned' | 'limit' | 'reserve' | 'seconds'>;

interface MonthParts {
  readonly time: { now: number };
  readonly watched: ReadonlyMap<string, Watched>;
  readonly simulator: Simulator;
  readonly options: MonthOptions;
}

class Month {
  readonly #parts: MonthParts;
  readonly #world: ChangingWorld;
  readonly #random: () => number;
  readonly #lags = new LagBook();
  /** Since when what was put off meanwhile is due, by value. */
  readonly #dueSince = new Map<string, number>();
  readonly #fetched = new Set<string>();
  readonly #jobs: Record<JobEnd, number> = { done: 0, nobody: 0, waiting: 0, failed: 0 };
  #intoReserve = 0;
  #asked = 0;

  constructor(parts: MonthParts) {
    this.#parts = parts;
    const observables = [...parts.watched.values()].map(({ observable }) => observable);
    this.#world = new ChangingWorld(parts.simulator, observables);
    this.#random = randomNumbers(parts.options.seed);
  }

  /** The world does not move while jobs run, so what a refresh saw is what there is now. */
  ended({ value }: CanonicalObservable, dueAt: number, end: JobEnd): void {
    this.#jobs[end] += 1;
    const since = Math.min(dueAt, this.#dueSince.get(value) ?? Infinity);
    if (end !== 'done') {
      this.#dueSince.set(value, since);
      // One of its two questions may have been answered.
      this.#world.leaveOut(value);
      return;
    }
    this.#dueSince.delete(value);
    this.#world.look(value);
    const priority = this.#parts.watched.get(value)?.priority;
    if (priority !== undefined && this.#fetched.has(value)) {
      this.#lags.note(priority, this.#parts.time.now - since);
    }
    this.#fetched.add(value);
  }

  async live(worker: MonthWorker, apiKey: string): Promise<Lived> {
    const { time, options } = this.#parts;
    const end = START + options.days * DAY_MS;
    const values = [...this.#parts.watched.keys()];
    for (; time.now < end; time.now += STEP_MS) {
      const steps = DAY_MS / STEP_MS;
      this.#moveSome(values, (options.observables * MOVES_A_DAY) / steps);
      await this.#ask(worker, apiKey, this.#times((options.observables * QUESTIONS_A_DAY) / steps));
      await this.#workAndWatch(worker);
      if (time.now % DAY_MS === 0) {
        await tellOfDay(worker, time.now, this.#jobs);
      }
    }
    time.now -= STEP_MS;
    const overdue = await this.#countOverdue(worker);
    const refusedAtLimit = await this.#storm(worker, apiKey);
    return { overdue, refusedAtLimit, ...(await this.#compare(worker)) };
  }

  #moveSome(values: readonly string[], count: number): void {
    for (let left = this.#times(count); left > 0; left -= 1) {
      this.#world.move(values[Math.floor(this.#random() * values.length)] ?? '');
    }
  }

  /** A whole number that is this on average. */
  #times(count: number): number {
    return Math.floor(count + this.#random());
  }

  async #ask(worker: MonthWorker, apiKey: string, count: number): Promise<number> {
    let refused = 0;
    for (let index = 0; index < count; index += 1) {
      this.#asked += 1;
      const value = `question${this.#asked}.example.org`;
      const observables = [{ type: 'domain', value }] as const;
      const caller = { apiKey, tenant: worker.tenant };
      const { problems } = await worker.enrichment.observe(
        { caller, observables, depth: 1 },
        { refresh: () => undefined },
      );
      refused += problems.some(({ problem }) => problem.code === 'hard_limit') ? 1 : 0;
    }
    return refused;
  }

  /** What the ticks bring are calls of the background, but for the account's own. */
  async #workAndWatch(worker: MonthWorker): Promise<void> {
    const { ledger } = worker.watching;
    const [before, healthBefore] = [await ledger.account(worker.tenant), this.#healthCalls()];
    await worker.work();
    const { used, limit, reserve } = await ledger.account(worker.tenant);
    const health = this.#healthCalls() - healthBefore;
    if (used - before.used > health) {
      const beyond = used - health - ((limit ?? 0) - reserve);
      this.#intoReserve = Math.max(this.#intoReserve, beyond);
    }
  }

  #healthCalls(): number {
    return this.#parts.simulator.counters().byEndpoint['usage'] ?? 0;
  }

  async #countOverdue({ watching }: MonthWorker): Promise<Record<Priority, number>> {
    const counts: Record<Priority, number> = { HIGH: 0, NORMAL: 0, LOW: 0 };
    const { watched, time } = this.#parts;
    for (const { observable, priority } of watched.values()) {
      const [[place] = []] = await watching.reader.watchedBy([observable]);
      const putOff = this.#dueSince.get(observable.value) ?? Infinity;
      const due = Math.min(place?.nextRefreshAt ?? Infinity, putOff);
      if (due <= time.now) {
        counts[priority] += 1;
        this.#lags.note(priority, time.now + STEP_MS - due);
      }
    }
    return counts;
  }

  /** Analysts ask for more than there is. */
  async #storm(worker: MonthWorker, apiKey: string): Promise<number> {
    const { remaining } = await worker.watching.ledger.account(worker.tenant);
    let refused = 0;
    for (let left = (remaining ?? 0) / 2 + 50; left > 0; left -= 10) {
      const counts = await Promise.all(
        Array.from({ length: 10 }, () => this.#ask(worker, apiKey, 1)),
      );
      refused += counts.reduce((sum, count) => sum + count, 0);
    }
    return refused;
  }

  async #compare(worker: MonthWorker): Promise<Omit<Lived, 'overdue' | 'refusedAtLimit'>> {
    const changes = await allChanges(worker);
    return {
      counted: this.#parts.simulator.counters().total,
      countedByCause: countedByCause(this.#parts.simulator, this.#parts.watched),
      byCause: await callsByCause(worker),
      lag: {
        HIGH: this.#lags.of('HIGH'),
        NORMAL: this.#lags.of('NORMAL'),
        LOW: this.#lags.of('LOW'),
      },
      jobs: this.#jobs,
      intoReserve: this.#intoReserve,
      moves: this.#world.moves,
      movesUnseen: this.#world.unseen,
      changes: changes.length,
      wrongChanges: wrongChanges(this.#world, changes),
      leftOut: this.#parts.watched.size - this.#world.size,
    };
  }
}

/** What was asked says why: the first time each question about a watched one is its first fetch. */
function countedByCause(
  simulator: Simulator,
  watched: ReadonlyMap<string, Watched>,
): Record<CallCause, number> {
  const counts = { OBSERVE: 0, REFRESH: 0, FIRST_FETCH: 0, OPERATOR: 0, HEALTH: 0 };
  const asked = new Set<string>();
  for (const { endpoint, subject, path } of simulator.requests()) {
    const question = `${path} ${subject}`;
    if (endpoint === 'usage') {
      counts.HEALTH += 1;
    } else if (!watched.has(subject)) {
      counts.OBSERVE += 1;
    } else {
      counts[asked.has(question) ? 'REFRESH' : 'FIRST_FETCH'] += 1;
      asked.add(question);
    }
  }
  return counts;
}

function wrongChanges(world: ChangingWorld, changes: readonly StoredChange[]): string[] {
  const told = Map.groupBy(changes, ({ observable }) => observable.value);
  const wrong: string[] = [];
  for (const [value, expected] of world.expected()) {
    const found = (told.get(value) ?? []).map((one) => `${one.kind} ${one.value}`).sort();
    if (found.join() !== expected.join()) {
      wrong.push(`${value}: ${found.join()} instead of ${expected.join()}`);
    }
  }
  return wrong;
}

async function allChanges({ watching }: MonthWorker): Promise<StoredChange[]> {
  const all: StoredChange[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last === undefined ? {} : { after: cursorOf(last) };
    const page = await watching.changes.page({ tenant: DEPLOYMENT, first: 1_000, ...after });
    all.push(...page.changes);
    if (!page.hasMore) {
      return all;
    }
  }
}

async function callsByCause({ watching, tenant }: MonthWorker): Promise<Record<CallCause, number>> {
  const rows = await watching.ledger.rows({ tenant, groupBy: 'CAUSE' });
  const of = (cause: CallCause) => rows.find(({ key }) => key === cause)?.calls ?? 0;
  return Object.fromEntries(CALL_CAUSES.map((cause) => [cause, of(cause)])) as Record<
    CallCause,
    number
  >;
}

async function addLists({ watching }: MonthWorker, lists: readonly MonthList[]): Promise<void> {
  for (const { name, priority, intervalMs, observables } of lists) {
    const draft = { name, priority, refreshIntervalSeconds: intervalMs / 1_000 };
    const { id } = valueOf(await watching.lists.create(draft, ACTOR));
    const wishes = observables.map((observable) => ({ observable }));
    valueOf(await watching.members.add(id, wishes, ACTOR));
  }
}

async function tellOfDay(
  { watching, tenant }: MonthWorker,
  now: number,
  jobs: Readonly<Record<JobEnd, number>>,
): Promise<void> {
  const [{ used, remaining, reserve }, { callsPerDay }, due] = await Promise.all([
    watching.ledger.account(tenant),
    watching.pace.pacing(),
    watching.schedule.dueCount(now),
  ]);
  const figures = PRIORITIES.toReversed().map(
    (priority) =>
      `${priority} ${callsPerDay[priority].toFixed(0)}/day, ${due.byPriority[priority]} due`,
  );
  const day = new Date(now).toISOString().slice(0, 10);
  const left = (remaining ?? 0) - reserve;
  process.stdout.write(
    `${day}  used ${used}, left ${left}; ${figures.join('; ')}; jobs ${jobs.done} done, ${jobs.waiting} put off\n`,
  );
}

function environment(redisUrl: string, apiUrl: string, limit: number) {
  return {
    REDIS_URL: redisUrl,
    SECURITYTRAILS_API_URL: apiUrl,
    SECURITYTRAILS_RPS: '10000',
    SECURITYTRAILS_HARD_MONTHLY_LIMIT: String(limit),
    QUOTA_INTERACTIVE_RESERVE: String(RESERVE),
  };
}
