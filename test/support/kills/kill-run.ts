import { setTimeout as pause } from 'node:timers/promises';

import { Redis } from 'ioredis';

import type { Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';
import type { Watching } from '#watching';

import type { Simulator } from '../../../tools/simulator/simulator.js';
import { startSimulator } from '../../../tools/simulator/simulator.js';
import type { RedisServer } from '../redis-server.js';
import { startRedis } from '../redis-server.js';
import { API_KEY } from '../relay-stack.js';
import { valueOf } from '../watch-world.js';
import { TENANT, watchingOver } from '../watching-over.js';
import { bookFaults, booksAgainst } from './call-books.js';
import type { CallBooks } from './call-books.js';
import { MovingHosts } from './moving-hosts.js';
import { randomNumbers, someOf } from './random-numbers.js';
import { WorkerFleet } from './worker-fleet.js';

export interface KillPlan {
  readonly observables: number;
  /** How long workers are killed, one a second; longer while too little has moved. */
  readonly seconds: number;
  readonly leastMoves: number;
  /** Of the workers that run, so many are left alone: one lets a slow machine get on. */
  readonly spared: number;
  /** How long the work may take to be done after that. */
  readonly drainSeconds: number;
  readonly seed: number;
}

/** What was left when all was over; the lists name what is not as it has to be. */
export interface KillReport {
  readonly kills: number;
  readonly moves: number;
  /** Not refreshed again after the last kill. */
  readonly notRefreshed: readonly string[];
  /** Observables with other changes than their moves have to bring. */
  readonly wrongChanges: readonly WrongChanges[];
  readonly books: CallBooks;
  readonly bookFaults: readonly string[];
}

export interface WrongChanges {
  readonly name: string;
  readonly told: readonly string[];
  readonly expected: readonly string[];
}

interface Stage {
  readonly plan: KillPlan;
  readonly random: () => number;
  readonly redis: RedisServer;
  readonly simulator: Simulator;
  readonly hosts: MovingHosts;
  readonly watching: Watching;
  readonly list: Watchlist;
  readonly fleet: WorkerFleet;
}

/** So many simulated days pass while workers are killed. */
const DAYS = 4;
const STEP_MS = 250;
const PATIENCE = 4;
/** Of all observables, so many are moved and refreshed in one step. */
const SHARE_A_STEP = 0.03;
const LEAST_A_STEP = 20;
/** Looked at or written in one go. */
const BATCH = 200;

/**
 * Kills workers, and once Redis, while observables are fetched first, move and are refreshed; then
 * lets the work be done and compares what the service tells with what happened.
 */
export async function runKills(plan: KillPlan): Promise<KillReport> {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const simulator = await startSimulator({
    keys: { [API_KEY]: { perSecond: 100_000, monthly: 10_000_000 } },
  });
  const connection = new Redis(redis.url);
  const watching = watchingOver(connection);
  let fleet: WorkerFleet | undefined;
  try {
    const hosts = new MovingHosts(simulator, plan.observables);
    const list = await watchAll(watching, hosts);
    fleet = await WorkerFleet.start(2, {
      REDIS_URL: redis.url,
      SECURITYTRAILS_API_URL: simulator.url,
      SECURITYTRAILS_API_KEY: API_KEY,
      SECURITYTRAILS_RPS: '1000',
      JWKS_HOSTS: '',
    });
    const random = randomNumbers(plan.seed);
    const stage = { plan, random, redis, simulator, hosts, watching, list, fleet };
    return await perform(stage, connection);
  } finally {
    await fleet?.stop();
    await watching.close();
    connection.disconnect();
    await Promise.all([simulator.close(), redis.stop()]);
  }
}

async function perform(stage: Stage, connection: Redis): Promise<KillReport> {
  const { hosts, fleet, watching, simulator } = stage;
  const isOver = ending(stage);
  const [kills] = await Promise.all([
    killUntil(isOver, stage),
    moveUntil(isOver, stage),
    loseRedisOnce(stage),
    passDays(stage),
  ]);
  await fleet.complete();
  const notRefreshed = await refreshAll(stage);
  await fleet.stop();
  const asked = { ledger: watching.ledger, connection, tenant: TENANT };
  const books = await booksAgainst(simulator, asked);
  return {
    kills,
    moves: hosts.moves,
    notRefreshed,
    wrongChanges: await wrongChanges(stage),
    books,
    bookFaults: bookFaults(books),
  };
}

async function watchAll(watching: Watching, hosts: MovingHosts): Promise<Watchlist> {
  const list = valueOf(await watching.lists.create({ name: 'Killed' }, 'test'));
  const wishes = hosts.names.map((value) => ({ observable: domain(value) }));
  valueOf(await watching.members.add(list.id, wishes, 'test'));
  return list;
}

/** Tells when there was enough. A slow machine gets a few times as long as is planned. */
function ending({ plan, hosts }: Stage): () => boolean {
  const begun = Date.now();
  return () => {
    const seconds = (Date.now() - begun) / 1_000;
    const enough = hosts.moves >= plan.leastMoves || seconds > PATIENCE * plan.seconds;
    return seconds > plan.seconds && enough;
  };
}

async function killUntil(isOver: () => boolean, { plan, fleet, random }: Stage): Promise<number> {
  let kills = 0;
  while (!isOver()) {
    await pause(500 + random() * 1_000);
    kills += Number(await fleet.killOne(random, plan.spared));
  }
  return kills;
}

/** SIGKILL in the middle of it all; it starts again from its append-only file. */
async function loseRedisOnce({ plan, redis }: Stage): Promise<void> {
  await pause(plan.seconds * 500);
  await redis.kill();
  await redis.restart();
}

async function passDays({ plan, simulator }: Stage): Promise<void> {
  for (let day = 1; day < DAYS; day += 1) {
    await pause((plan.seconds * 1_000) / DAYS);
    simulator.advanceDays(1);
  }
}

/** Moves some hosts that are known as they are now, and has them and others refreshed. */
async function moveUntil(isOver: () => boolean, stage: Stage): Promise<void> {
  const { hosts, watching, random } = stage;
  const count = Math.max(LEAST_A_STEP, Math.ceil(hosts.names.length * SHARE_A_STEP));
  while (!isOver()) {
    const chosen = someOf(hosts.names, count, random);
    const settled = await Promise.all(chosen.map((name) => isKnown(name, stage)));
    for (const [index, name] of chosen.entries()) {
      if (settled[index] === true && hosts.mayMove(name)) {
        hosts.move(name);
      }
    }
    await watching.members.expedite(chosen.map(domain));
    await pause(STEP_MS);
  }
}

/** Whether it was fetched first and every move since was told: only then is the next one sure news. */
async function isKnown(name: string, { hosts, watching }: Stage): Promise<boolean> {
  const subject = { tenant: DEPLOYMENT, observable: domain(name), recordType: 'A' } as const;
  const [known, told] = await Promise.all([
    watching.histories.known(subject),
    watching.changes.count({ tenant: DEPLOYMENT, filter: { type: 'domain', value: name } }),
  ]);
  return known !== undefined && told === hosts.changesOf(name).length;
}

/** Has everything refreshed once more. @returns what was not, within the time for it */
async function refreshAll({ plan, watching, list }: Stage): Promise<string[]> {
  const since = Date.now();
  const end = since + plan.drainSeconds * 1_000;
  for (;;) {
    const late: string[] = [];
    for await (const { observable, lastRefreshedAt } of watching.reader.all(list)) {
      if ((lastRefreshedAt ?? 0) < since) {
        late.push(observable.value);
      }
    }
    if (late.length === 0 || Date.now() > end) {
      return late;
    }
    // Again and again: what a worker has in hand does not take the wish.
    await watching.members.expedite(late.map(domain));
    await pause(STEP_MS);
  }
}

async function wrongChanges(stage: Stage): Promise<WrongChanges[]> {
  const { names } = stage.hosts;
  const wrong: WrongChanges[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const found = await Promise.all(
      names.slice(start, start + BATCH).map((name) => wrongChangesOf(name, stage)),
    );
    wrong.push(...found.flat());
  }
  return wrong;
}

async function wrongChangesOf(name: string, { hosts, watching }: Stage): Promise<WrongChanges[]> {
  const filter = { type: 'domain', value: name } as const;
  const { changes } = await watching.changes.page({ tenant: DEPLOYMENT, filter, first: 1_000 });
  const told = changes.map(({ kind, value }) => `${kind} ${value}`).sort();
  const expected = hosts.changesOf(name);
  return told.join() === expected.join() ? [] : [{ name, told, expected }];
}

function domain(value: string) {
  return { type: 'domain', value } as const;
}
