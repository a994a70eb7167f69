import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cache, RedisFlightBoard, RedisInvalidationBus, RedisStore } from '#cache';
import { validateSighting } from '#ctim';
import type { Sighting } from '#ctim';
import {
  answerCodec,
  EnrichmentService,
  enrichmentSources,
  failureCodec,
  SecurityTrailsUpstream,
} from '#enrichment';
import type { Answer } from '#enrichment';
import { Governor, RedisPacer, RedisQuotaCircuit } from '#governor';
import { Ledger, RedisLedgerStore } from '#ledger';
import { closeRedis, connectRedis, requestPathRedis, subscriberRedis } from '#platform';
import { SecurityTrailsClient } from '#securitytrails';

import type { Simulator, SimulatorOptions } from '../../tools/simulator/simulator.js';
import { startSimulator } from '../../tools/simulator/simulator.js';
import { startRedis } from '../support/redis-server.js';

const CALLER = { tenant: '0123456789abcdef0123456789abcdef', apiKey: 'demo-key' };
const HOUR_MS = 3_600_000;
const DIRECTORY = process.env['RECORDINGS_DIR'] ?? '../shared/samples';
const PAGES = [1, 2, 3, 4, 5].map((page) => `history-dns-a--github.com-page${page}.json`);
const isRecorded = DIRECTORY !== '' && PAGES.every((file) => existsSync(join(DIRECTORY, file)));

/** A record as upstream sends it, as far as this test reads it. */
interface RawRecord {
  readonly values: readonly { readonly ip: string }[];
  readonly organizations: readonly string[];
  readonly first_seen: string;
  readonly last_seen: string;
}

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

/** The whole way from the question to the vendor: real Redis, cache, governor, client, simulator. */
async function openStand(options: SimulatorOptions) {
  const simulator = await startSimulator({
    keys: { [CALLER.apiKey]: { perSecond: 100_000 } },
    ...options,
  });
  const server = await startRedis();
  const redis = requestPathRedis(server.url);
  const subscriber = subscriberRedis(server.url);
  const client = new SecurityTrailsClient({
    baseUrl: simulator.url,
    timeoutMs: 10_000,
    userAgent: 'test',
  });
  cleanUps.push(
    () => simulator.close(),
    () => server.stop(),
    () => closeRedis(redis),
    () => closeRedis(subscriber),
    () => client.close(),
  );
  await Promise.all([redis, subscriber].map((one) => connectRedis(one, 2_000)));
  const time = { aheadMs: 0 };
  const clock = (): number => Date.now() + time.aheadMs;
  const ledger = new Ledger({
    store: new RedisLedgerStore(redis),
    clock,
    newId: randomUUID,
    interactiveReserve: 0,
    onTrouble: (error) => {
      throw error;
    },
  });
  // Else the first background call would read the account's usage.
  await ledger.learnUsage(CALLER.tenant, 'untold');
  const upstream = new SecurityTrailsUpstream({
    client,
    governor: new Governor({
      pacer: new RedisPacer({ redis, perSecond: 1_000, processes: 1 }),
      circuit: new RedisQuotaCircuit(redis, clock),
      clock,
      onTrouble: () => undefined,
    }),
    ledger,
    clock,
    onCall: () => undefined,
  });
  const sources = enrichmentSources(['dns-history', 'reverse-ip'], {
    upstream,
    uiUrl: 'https://securitytrails.com',
  });
  const service = new EnrichmentService({
    sources,
    cache: new Cache<Answer>({
      store: new RedisStore(redis),
      board: new RedisFlightBoard(redis),
      bus: new RedisInvalidationBus(redis, subscriber),
      codec: answerCodec(sources),
      failures: failureCodec,
      clock,
      random: () => 0,
      memoryEntries: 0,
      onTrouble: () => undefined,
    }),
    lives: { freshSeconds: 3_600, staleSeconds: 36_000, negativeSeconds: 3_600 },
    clock,
    deadlineMs: 15_000,
    sightingsAtQueryTime: false,
    onUnforeseen: (error) => {
      throw error;
    },
  });
  return { simulator, service, time };
}

type Stand = Awaited<ReturnType<typeof openStand>>;

async function ask({ service }: Stand, host: string, depth = 100): Promise<readonly Sighting[]> {
  const { documents, problems } = await service.observe(
    { caller: CALLER, depth, observables: [{ type: 'domain', value: host }] },
    { refresh: () => undefined },
  );
  expect(problems).toEqual([]);
  return documents.map((document) => JSON.parse(document.toString()) as Sighting);
}

/** Refreshes as a worker does, two hours later, and says which pages that cost. */
async function refreshed({ service, simulator, time }: Stand, host: string): Promise<string[]> {
  time.aheadMs += 2 * HOUR_MS;
  simulator.resetCounters();
  await service.refresh(CALLER, { type: 'domain', value: host });
  return simulator
    .requests()
    .map(({ path, page }) => `${path} ${page}`)
    .sort();
}

/** First and last day of each address, one record after the other. */
function daysOf(records: readonly RawRecord[]): Record<string, string[]> {
  const days: Record<string, string[]> = {};
  for (const { values, first_seen: first, last_seen: last } of records) {
    for (const { ip } of values) {
      const [earliest, latest] = days[ip] ?? [first, last];
      days[ip] = [first < earliest! ? first : earliest!, last > latest! ? last : latest!];
    }
  }
  return days;
}

function statedDays(sighting: Sighting | undefined): Record<string, unknown[]> {
  return Object.fromEntries(
    (sighting?.relations ?? []).map(({ related, relation_info: info }) => [
      related.value,
      [info?.['first_seen'], info?.['last_seen']],
    ]),
  );
}

async function rawHistory(
  { url }: Simulator,
  host: string,
  type: string,
): Promise<readonly RawRecord[]> {
  const records: RawRecord[] = [];
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${url}/history/${host}/dns/${type}?page=${page}`, {
      headers: { apikey: CALLER.apiKey },
    });
    const body = (await response.json()) as { records: RawRecord[] };
    if (body.records.length === 0) {
      return records;
    }
    records.push(...body.records);
  }
}

describe('a history of five pages', () => {
  const host = 'long.example.com';

  it('is read once, told rightly, held, and kept up to date for a call a record type', async () => {
    const stand = await openStand({ now: '2026-03-10' });
    const [a, aaaa] = await ask(stand, host);
    expect(stand.simulator.counters().total).toBe(7);
    expect([validateSighting(a), validateSighting(aaaa)]).toEqual([[], []]);
    const raw = await rawHistory(stand.simulator, host, 'a');
    expect(raw).toHaveLength(432);
    expect(statedDays(a)).toEqual(daysOf(raw));
    expect(a?.count).toBe(19);

    stand.simulator.resetCounters();
    const [again] = await ask(stand, host);
    expect(stand.simulator.counters().total).toBe(0);
    expect(again?.relations).toEqual(a?.relations);

    stand.simulator.advanceDays(1);
    const today = stand.simulator.today();
    stand.simulator.pushInterval(host, 'a', { first_seen: today, values: ['192.0.2.250'] });
    expect(await refreshed(stand, host)).toEqual([
      `/v1/history/${host}/dns/a 1`,
      `/v1/history/${host}/dns/aaaa 1`,
    ]);
    stand.simulator.resetCounters();
    const [renewed] = await ask(stand, host);
    expect(stand.simulator.counters().total).toBe(0);
    expect(statedDays(renewed)).toEqual(daysOf(await rawHistory(stand.simulator, host, 'a')));
    expect(renewed?.count).toBe(20);
    expect(renewed?.id).not.toBe(a?.id);
  });

  it('gives a call for one page the first page and no more calls than one a record type', async () => {
    const stand = await openStand({ now: '2026-03-10' });
    const [a] = await ask(stand, host, 1);
    expect(stand.simulator.counters().total).toBe(2);
    const raw = await rawHistory(stand.simulator, host, 'a');
    expect(statedDays(a)).toEqual(daysOf(raw.slice(0, 100)));
  });
});

// Recorded bodies are not ours to give away: the replay needs RECORDINGS_DIR to name a directory.
const describeRecorded = isRecorded ? describe : describe.skip;

describeRecorded('the recorded history (skipped unless RECORDINGS_DIR has it)', () => {
  const host = 'github.com';

  function recorded(): RawRecord[] {
    return PAGES.flatMap((file) => {
      const body = JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as {
        records: RawRecord[];
      };
      return body.records;
    });
  }

  it('is told rightly, held, and kept up to date for a call a record type', async () => {
    const stand = await openStand({ now: '2019-10-21', recordingsDir: DIRECTORY });
    const [a] = await ask(stand, host);
    expect(recorded()).toHaveLength(432);
    expect(statedDays(a)).toEqual(daysOf(recorded()));
    expect(validateSighting(a)).toEqual([]);

    stand.simulator.resetCounters();
    expect((await ask(stand, host))[0]?.id).toBe(a?.id);
    expect(stand.simulator.counters().total).toBe(0);

    const head = { first_seen: '2019-10-21', last_seen: '2019-10-21', values: ['192.0.2.250'] };
    const given = recorded().map(({ values, organizations, first_seen, last_seen }) => ({
      first_seen,
      last_seen,
      organizations: [...organizations],
      values: values.map((value) => ({ ...value })),
    }));
    stand.simulator.setHistory(host, 'a', [head, ...given]);
    expect(await refreshed(stand, host)).toEqual([
      `/v1/history/${host}/dns/a 1`,
      `/v1/history/${host}/dns/aaaa 1`,
    ]);
    stand.simulator.resetCounters();
    const [renewed] = await ask(stand, host);
    expect(stand.simulator.counters().total).toBe(0);
    expect(statedDays(renewed)).toEqual({
      ...daysOf(recorded()),
      '192.0.2.250': ['2019-10-21', '2019-10-21'],
    });
  });
});
