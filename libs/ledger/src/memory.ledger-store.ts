import { hourOf, monthOf } from './calendar.js';
import { decide } from './decision.js';
import type {
  Books,
  BookingReply,
  BookingRequest,
  DayLine,
  Entry,
  LedgerStore,
  ObservableLine,
  Settlement,
  UsageClaim,
} from './ledger-store.port.js';
import { MemoryBooks } from './memory.books.js';
import type { Booked } from './memory.books.js';
import type { Recollection } from './recollection.js';
import { hasForgotten, lostCalls, newerReading } from './recollection.js';
import type { Reading, Standing } from './standing.js';
import { isUsageWanted } from './usage-wanted.js';

interface Month {
  generation: string;
  generationOwn: number;
  own: number;
  lost: number;
  reading: Reading | null;
  askedAt: number | null;
  askedBase: number | null;
  readonly byList: Map<string, number>;
}

interface Tenant {
  readonly months: Map<string, Month>;
  readonly books: MemoryBooks;
  readonly open: Map<string, Booked>;
  /** Swept, by id; null: whatever still arrives with this id changes nothing. */
  readonly late: Map<string, Booked | null>;
}

/** A ledger in this process alone, for tests; it forgets nothing by itself. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #tenants = new Map<string, Tenant>();

  book(request: BookingRequest): Promise<BookingReply> {
    const tenant = this.#tenant(request.tenant);
    const month = monthAt(tenant, request.entry.at);
    const held = tenant.open.get(request.id);
    const state = withKnown(month, request.known);
    if (held !== undefined || tenant.late.has(request.id)) {
      const watchlistId = held?.watchlistId ?? null;
      return Promise.resolve({ refused: null, watchlistId, standing: standingOf(state) });
    }
    const decision = decide(request, {
      count: state.own + state.lost,
      reading: state.reading,
      spent: (watchlistId) => month.byList.get(watchlistId) ?? 0,
    });
    if (!request.isTrial && decision.refused === null) {
      heal(month, request);
      const { entry } = request;
      const booked: Booked = { entry, watchlistId: decision.watchlistId };
      tenant.open.set(request.id, booked);
      add(tenant, booked, 'unknown', 1);
      return Promise.resolve({ ...decision, standing: standingOf(month) });
    }
    return Promise.resolve({ ...decision, standing: standingOf(state) });
  }

  settle(tenantId: string, settlements: readonly Settlement[]): Promise<void> {
    const tenant = this.#tenant(tenantId);
    for (const settlement of settlements) {
      settleOne(tenant, settlement);
    }
    return Promise.resolve();
  }

  sweep(before: number): Promise<number> {
    let swept = 0;
    for (const { open, late } of this.#tenants.values()) {
      for (const [id, booked] of open) {
        if (booked.entry.at < before) {
          open.delete(id);
          late.set(id, booked);
          swept += 1;
        }
      }
    }
    return Promise.resolve(swept);
  }

  books(tenantId: string, at: number): Promise<Books> {
    const tenant = this.#tenant(tenantId);
    const month = monthAt(tenant, at);
    const { calls, observeCalls } = tenant.books;
    return Promise.resolve({
      standing: standingOf(month),
      own: month.own,
      byList: new Map(month.byList),
      calls: new Map(calls),
      observeCalls: new Map(observeCalls),
    });
  }

  dayLines(tenant: string, days: readonly string[]): Promise<readonly DayLine[]> {
    return Promise.resolve(this.#tenant(tenant).books.dayLines(days));
  }

  observableLines(tenant: string, days: readonly string[]): Promise<readonly ObservableLine[]> {
    return Promise.resolve(this.#tenant(tenant).books.observableLines(days));
  }

  claim(claim: UsageClaim): Promise<{ isWanted: boolean; standing: Standing }> {
    const tenant = this.#tenant(claim.tenant);
    const month = monthAt(tenant, claim.at);
    const standing = standingOf(withKnown(month, claim.known));
    const isWanted = isUsageWanted(standing, month.askedAt, claim);
    if (isWanted) {
      month.askedAt = claim.at;
      month.askedBase = Math.max(0, standing.count - tenant.open.size);
    }
    return Promise.resolve({ isWanted, standing });
  }

  learn(
    tenantId: string,
    at: number,
    usage: Pick<Reading, 'used' | 'allowed'> | null,
  ): Promise<Standing> {
    const tenant = this.#tenant(tenantId);
    const month = monthAt(tenant, at);
    if (usage === null) {
      month.askedAt = at;
    } else {
      const { count } = standingOf(month);
      const base = month.askedBase ?? Math.max(0, count - tenant.open.size);
      month.reading = { ...usage, at, base, seen: count };
    }
    month.askedBase = null;
    return Promise.resolve(standingOf(month));
  }

  #tenant(id: string): Tenant {
    let tenant = this.#tenants.get(id);
    if (tenant === undefined) {
      tenant = { months: new Map(), books: new MemoryBooks(), open: new Map(), late: new Map() };
      this.#tenants.set(id, tenant);
    }
    return tenant;
  }
}

function settleOne(tenant: Tenant, { id, result, unbooked, mayArrive }: Settlement): void {
  const { open, late } = tenant;
  if (late.get(id) === null) {
    return;
  }
  const booked = open.get(id) ?? late.get(id) ?? null;
  open.delete(id);
  late.delete(id);
  if (booked !== null) {
    add(tenant, booked, 'unknown', -1);
  }
  const kept = booked ?? unbooked;
  if (kept !== undefined && result !== 'never_made') {
    add(tenant, kept, result, 1);
  }
  if (mayArrive === true) {
    late.set(id, null);
  }
}

function add(tenant: Tenant, booked: Booked, result: DayLine['result'], calls: number): void {
  const { entry, watchlistId } = booked;
  const month = monthAt(tenant, entry.at);
  month.own += calls;
  if (watchlistId !== null) {
    month.byList.set(watchlistId, (month.byList.get(watchlistId) ?? 0) + calls);
  }
  tenant.books.add(booked, result, calls, hourOf(entry.at));
}

function monthAt(tenant: Tenant, at: Entry['at']): Month {
  const name = monthOf(at);
  let month = tenant.months.get(name);
  if (month === undefined) {
    month = {
      generation: '',
      generationOwn: 0,
      own: 0,
      lost: 0,
      reading: null,
      askedAt: null,
      askedBase: null,
      byList: new Map(),
    };
    tenant.months.set(name, month);
  }
  return month;
}

function withKnown(month: Month, known: Recollection): Month {
  const reading = newerReading(month.reading, known.reading);
  return { ...month, lost: lostCalls(month, known), reading };
}

/** Takes over what the process remembers. */
function heal(month: Month, { id, known }: BookingRequest): void {
  const { lost, reading } = withKnown(month, known);
  if (month.generation === '' || hasForgotten(month, known)) {
    month.generation = id;
    month.generationOwn = month.own;
  }
  month.lost = lost;
  month.reading = reading;
}

function standingOf({ generation, own, lost, reading }: Month): Standing {
  return { generation, count: own + lost, reading };
}
