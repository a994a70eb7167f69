import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import { DEFAULT_LIMITS, DEFAULT_TUNING, openWatch, readBulkText } from '#watch';
import type { Watch, Watchlist } from '#watch';

import type { Session } from './session.js';
import type { Verdict } from './verdict.js';

const OBSERVABLES = 100_000;
const PAGE = 100;
const SAMPLES = 520;
const WARM_UP = 20;
const BULK_BYTES = 10_000_000;
const DAY_MS = 86_400_000;

const LIMITS = { addSeconds: 30, pageMs: 20, bytes: 1_024 } as const;

interface WatchlistFigures {
  /** Adding {@link OBSERVABLES} to one list, until the last can be read. */
  readonly addSeconds: number;
  /** Of Redis' memory, all indexes and records, an observable. */
  readonly bytesPerObservable: number;
  /** The same after each has been refreshed once. */
  readonly bytesPerRefreshed: number;
  /** Pages of 100 at random places: the 50th and the 99th of 100. */
  readonly pageP50Ms: number;
  readonly pageP99Ms: number;
  /** The same with the dearest filters: by a rare state, by text. */
  readonly rareStatePageMs: number;
  readonly textPageMs: number;
  readonly summaryMs: number;
  /** Claiming 100 of 100,000 that are due, and settling one. */
  readonly claimMs: number;
  readonly settleMs: number;
  readonly deleteSeconds: number;
  /** 10 MB of pasted text, and for how long it held the event loop at most. */
  readonly bulkSeconds: number;
  readonly bulkBlockMs: number;
}

/** 100,000 observables on one list: the largest part that any of its limits is used up to. */
export async function watchlists({ stand }: Session): Promise<Verdict> {
  // The last scenario: it needs an empty Redis to count bytes.
  await stand.redis.flushall();
  const figures = await measure(stand.redis);
  const shares = [
    figures.addSeconds / LIMITS.addSeconds,
    figures.pageP99Ms / LIMITS.pageMs,
    figures.bytesPerRefreshed / LIMITS.bytes,
  ];
  return {
    name: 'watchlists of 100,000, largest share of a limit',
    value: Math.max(...shares),
    atMost: 1,
    details: [
      `limits         add ${LIMITS.addSeconds} s, page ${LIMITS.pageMs} ms, ${LIMITS.bytes} B an observable`,
      ...Object.entries(figures).map(
        ([name, value]) => `${name.padEnd(20)} ${Number(value).toFixed(2)}`,
      ),
    ],
  };
}

async function measure(redis: Redis): Promise<WatchlistFigures> {
  let now = Date.now();
  const watch = openWatch({
    redis,
    clock: () => now,
    newId: () => randomBytes(12).toString('base64url'),
    limits: DEFAULT_LIMITS,
    tuning: DEFAULT_TUNING,
  });
  const created = await watch.lists.create({ name: 'bench' }, 'bench');
  if (!created.ok) {
    throw new Error('the list was refused');
  }
  const list = created.value;
  const before = await usedMemory(redis);
  const addSeconds = (await timed(() => addAll(watch, list))) / 1_000;
  const bytesPerObservable = ((await usedMemory(redis)) - before) / OBSERVABLES;
  const pages = await samplePages(watch, list);
  const textPageMs = await timed(() =>
    watch.reader.page(list, { first: PAGE }, { valueContains: 'host99999' }),
  );
  now += DAY_MS;
  const refreshes = await refreshAll(watch, now);
  const bytesPerRefreshed = ((await usedMemory(redis)) - before) / OBSERVABLES;
  await failSome(watch, now);
  const rareStatePageMs = await timed(() =>
    watch.reader.page(list, { first: PAGE }, { state: 'FAILING' }),
  );
  const summaryMs = await timed(() => watch.reader.summaries([list]));
  const deleteSeconds = (await timed(() => watch.lists.delete(list.id))) / 1_000;
  const rest = { textPageMs, bytesPerRefreshed, rareStatePageMs, summaryMs, deleteSeconds };
  return { addSeconds, bytesPerObservable, ...pages, ...refreshes, ...rest, ...(await readBulk()) };
}

async function addAll(watch: Watch, list: Watchlist): Promise<void> {
  const wishes = Array.from({ length: OBSERVABLES }, (_, index) => ({
    observable: { type: 'domain', value: nameOf(index) } as const,
    note: index % 10 === 0 ? 'seen in a phishing campaign' : null,
  }));
  const outcome = await watch.members.add(list.id, wishes, 'operator@example.com');
  if (!outcome.ok || outcome.value.added.length !== OBSERVABLES) {
    throw new Error('not all were added');
  }
}

async function samplePages(watch: Watch, list: Watchlist) {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const index = (sample * 7_919) % OBSERVABLES;
    const after = Buffer.from(`d:${nameOf(index)}`).toString('base64url');
    const ms = await timed(() => watch.reader.page(list, { first: PAGE, after }));
    // The first ones measure the compiler.
    if (sample >= WARM_UP) {
      times.push(ms);
    }
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? NaN;
  return { pageP50Ms: at(0.5), pageP99Ms: at(0.99) };
}

async function refreshAll(watch: Watch, now: number) {
  const [claims, settles]: [number[], number[]] = [[], []];
  for (;;) {
    const begun = performance.now();
    const claimed = await watch.schedule.claimDue(now, PAGE);
    if (claimed.length === 0) {
      const settleMs = median(settles) / PAGE;
      return { claimMs: median(claims), settleMs };
    }
    claims.push(performance.now() - begun);
    settles.push(
      await timed(() =>
        Promise.all(
          claimed.map(({ observable }) =>
            watch.schedule.settle(observable, { outcome: 'ok', at: now }),
          ),
        ),
      ),
    );
  }
}

async function failSome(watch: Watch, now: number): Promise<void> {
  for (let index = 0; index < PAGE; index += 1) {
    const observable = { type: 'domain', value: nameOf(index * 997) } as const;
    const end = { outcome: 'failed', reason: 'upstream_timeout', at: now + 1 } as const;
    await watch.schedule.settle(observable, end);
  }
}

async function readBulk() {
  const line = 'hxxps://user@bulk-NUMBER[.]example[.]com:8443/path, 192.0.2.1 # seen\n';
  const count = Math.floor(BULK_BYTES / line.length);
  const text = Array.from({ length: count }, (_, index) =>
    line.replace('NUMBER', String(index)),
  ).join('');
  let [longest, last] = [0, performance.now()];
  const pause = async () => {
    longest = Math.max(longest, performance.now() - last);
    await setImmediate();
    last = performance.now();
  };
  const elapsed = () => performance.now();
  const options = { now: Date.now(), limit: OBSERVABLES, pause, elapsed };
  const bulkSeconds = (await timed(() => readBulkText(text, options))) / 1_000;
  return { bulkSeconds, bulkBlockMs: longest };
}

function nameOf(index: number): string {
  return `host${index}.example.com`;
}

async function usedMemory(redis: Redis): Promise<number> {
  const info = await redis.info('memory');
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
