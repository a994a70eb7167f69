import type { Redis } from 'ioredis';

import { RedisLedgerStore, Ledger } from '#ledger';

import type { Simulator } from '../../../tools/simulator/simulator.js';

/** The ledger's calls and the simulator's requests, put side by side. */
export interface CallBooks {
  /** Calls in the ledger. */
  readonly booked: number;
  /** Of those, calls of which nobody knows how they ended: their process was killed. */
  readonly unknown: number;
  /** Requests that the simulator had. */
  readonly requests: number;
  /** Requests whose booking is settled. */
  readonly settled: number;
  /** Requests without the number of a booking, or with one that another request had. */
  readonly unnamed: number;
}

interface Books {
  readonly ledger: Pick<Ledger, 'rows'>;
  readonly connection: Redis;
  readonly tenant: string;
}

const LONG_MS = 600_000;

/** What is not as it has to be: each request is one booking, and each booking one request at most. */
export function bookFaults({ booked, unknown, requests, settled, unnamed }: CallBooks): string[] {
  return [
    ...(unnamed > 0 ? [`${unnamed} requests without a booking of their own`] : []),
    ...(booked === settled + unknown ? [] : [`${booked} booked, ${settled} and ${unknown} seen`]),
    ...(requests - settled > unknown ? [`${requests} requests, ${settled} settled`] : []),
  ];
}

/** Gives up what is open, and compares. */
export async function booksAgainst(
  simulator: Simulator,
  { ledger, connection, tenant }: Books,
): Promise<CallBooks> {
  await sweeper(connection).sweep();
  const rows = await ledger.rows({ tenant, groupBy: 'CAUSE' });
  const unknown = await unknownIds(connection, tenant);
  const ids = simulator.requests().map(({ requestId }) => requestId);
  const named = new Set(ids.filter((id) => id !== ''));
  return {
    booked: rows.reduce((sum, { calls }) => sum + calls, 0),
    unknown: unknown.size,
    requests: simulator.counters().total,
    settled: [...named].filter((id) => !unknown.has(id)).length,
    // The simulator keeps the last 100,000 of its requests: there must be no more.
    unnamed: simulator.counters().total - named.size,
  };
}

/** A ledger for which all calls have been open for long. */
function sweeper(connection: Redis): Ledger {
  return new Ledger({
    store: new RedisLedgerStore(connection),
    clock: () => Date.now() + LONG_MS,
    newId: () => '',
    interactiveReserve: 0,
    onTrouble: () => undefined,
  });
}

/** The numbers of the bookings that were given up, as long as they could still be settled. */
async function unknownIds(connection: Redis, tenant: string): Promise<Set<string>> {
  const prefix = `{st}:l:${tenant}:late:`;
  const keys = await connection.keys(`${prefix}*`);
  const entries = keys.length === 0 ? [] : await connection.mget(keys);
  return new Set(
    keys.filter((_, index) => entries[index] !== 'done').map((key) => key.slice(prefix.length)),
  );
}
