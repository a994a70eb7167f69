import { CALL_CAUSES, CALL_RESULTS } from './call.js';
import type { Refused } from './decision.js';
import type { Books, DayLine, ObservableLine } from './ledger-store.port.js';
import type { Reading, Standing } from './standing.js';

const REFUSALS: readonly Refused[] = ['hard_limit', 'reserve', 'budget', 'quota_unknown'];
const LIST = 'list:';
const OBSERVE = 'o';
const FAILED = '!';

/** What a script answers as a refusal; '' is none. */
export function refusedFrom(text: unknown): Refused | null {
  return REFUSALS.find((refusal) => refusal === text) ?? null;
}

/** What a script answers as a standing. */
export function standingFrom(reply: unknown): Standing {
  const parts: readonly unknown[] = Array.isArray(reply) ? reply : [];
  const [generation, count, readAt, used, base, seen, allowed] = parts;
  return {
    generation: String(generation),
    count: Number(count),
    reading: readingFrom({ readAt, used, base, seen, allowed }),
  };
}

/** The hashes of a month and of the pace. */
export function booksFrom(
  month: Readonly<Record<string, string>>,
  pace: Readonly<Record<string, string>>,
): Books {
  const { gen = '', own = 0, lost = 0, readAt, up, base, seen, allowed } = month;
  const hours = Object.entries(pace);
  return {
    standing: {
      generation: gen,
      count: Number(own) + Number(lost),
      reading: readingFrom({ readAt, used: up, base, seen, allowed }),
    },
    own: Number(own),
    byList: new Map(
      Object.entries(month)
        .filter(([field]) => field.startsWith(LIST))
        .map(([field, calls]) => [field.slice(LIST.length), Number(calls)]),
    ),
    calls: byHour(hours.filter(([field]) => !field.startsWith(OBSERVE))),
    observeCalls: byHour(hours.filter(([field]) => field.startsWith(OBSERVE))),
  };
}

/** A field of a day's hash: `cause|list|endpoint|result`; only an endpoint may hold a `|` itself. */
export function dayLineFrom(day: string, field: string, calls: number): DayLine {
  const [cause, list = '', ...rest] = field.split('|');
  const result = rest.at(-1);
  return {
    day,
    cause: CALL_CAUSES.find((known) => known === cause) ?? 'HEALTH',
    watchlistId: list === '' ? null : list,
    endpoint: rest.slice(0, -1).join('|'),
    result: CALL_RESULTS.find((known) => known === result) ?? 'unknown',
    calls,
  };
}

/** A day's hash of observables: calls by `type:value`, failed ones by `!type:value`. */
export function observableLinesFrom(
  day: string,
  hash: ReadonlyMap<string, number>,
): readonly ObservableLine[] {
  return [...hash]
    .filter(([field]) => !field.startsWith(FAILED))
    .map(([about, calls]) => ({ day, about, calls, failed: hash.get(FAILED + about) ?? 0 }));
}

function byHour(fields: readonly [string, string][]): ReadonlyMap<number, number> {
  return new Map(
    fields.map(([field, calls]) => [Number(field.replace(OBSERVE, '')), Number(calls)]),
  );
}

function readingFrom(parts: {
  readonly readAt: unknown;
  readonly used: unknown;
  readonly base: unknown;
  readonly seen: unknown;
  readonly allowed: unknown;
}): Reading | null {
  const at = numberOrNull(parts.readAt);
  if (at === null) {
    return null;
  }
  return {
    at,
    used: numberOrNull(parts.used),
    allowed: numberOrNull(parts.allowed),
    base: Number(parts.base),
    seen: Number(parts.seen),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === undefined || value === '' ? null : Number(value);
}
