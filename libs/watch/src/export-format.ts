import { canonicalise, OBSERVABLE_TYPES } from '#observables';
import { z } from 'zod';

import { csvCell } from './csv-line.js';
import type { Outcome, WatchFault } from './fault.js';
import { done, fault, refused } from './fault.js';
import type { WatchWish } from './place.js';
import type { WatchedObservable } from './watched-observable.js';
import { pickSettings, PRIORITIES } from './watchlist.js';
import type { ListSettings, Watchlist } from './watchlist.js';

/** What an export is, and of which version; another version is refused. */
const EXPORT_FORMAT = 'securitytrails-relay/watchlists';
const EXPORT_VERSION = 1;

/** A list as an export holds it: all that an operator made, nothing that refreshes found. */
export interface ExportedList {
  readonly id: string;
  readonly settings: ListSettings;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly observables: readonly WatchWish[];
}

const instant = z.iso.datetime({ offset: true });
const placeSchema = z.object({
  type: z.enum(OBSERVABLE_TYPES),
  value: z.string().max(1_024),
  note: z.string().nullable().default(null),
  expiresAt: instant.nullable().default(null),
  paused: z.boolean().default(false),
  addedAt: instant,
  addedBy: z.string(),
});
const listSchema = z.object({
  id: z.string().regex(/^wl_[A-Za-z0-9_-]{16}$/),
  name: z.string(),
  description: z.string().nullable().default(null),
  tags: z.array(z.string()).default([]),
  enabled: z.boolean().default(true),
  muted: z.boolean().default(false),
  priority: z.enum(PRIORITIES).default('NORMAL'),
  refreshIntervalSeconds: z.number(),
  monthlyCallBudget: z.number().nullable().default(null),
  createdAt: instant,
  createdBy: z.string(),
  updatedAt: instant,
  observables: z.array(placeSchema),
});
const exportSchema = z.object({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  watchlists: z.array(listSchema),
});
const MAX_FAULTS = 100;

/** A whole export as text, in pieces: an observable a line, so that two exports compare well. */
export async function* exportJson(
  lists: Iterable<Watchlist>,
  observablesOf: (list: Watchlist) => AsyncIterable<WatchedObservable>,
): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(EXPORT_FORMAT)},"version":${EXPORT_VERSION},"watchlists":[`;
  let betweenLists = '\n';
  for (const list of lists) {
    yield `${betweenLists}${listHead(list)}`;
    betweenLists = ',\n';
    let between = '\n';
    for await (const observable of observablesOf(list)) {
      yield `${between}${placeJson(observable)}`;
      between = ',\n';
    }
    yield ']}';
  }
  yield '\n]}\n';
}

/** One list as CSV with a header row, in pieces; bulk text reads it again. */
export async function* exportCsv(
  observables: AsyncIterable<WatchedObservable>,
): AsyncGenerator<string> {
  yield 'type,value,note,expires,paused,state,last_refreshed,last_change\r\n';
  for await (const one of observables) {
    const cells = [
      one.observable.type,
      one.observable.value,
      one.note ?? '',
      isoOrNull(one.expiresAt) ?? '',
      String(one.paused),
      one.state,
      isoOrNull(one.lastRefreshedAt) ?? '',
      isoOrNull(one.lastChangeAt) ?? '',
    ];
    yield `${cells.map(csvCell).join(',')}\r\n`;
  }
}

/** The lists of an export. Faults: INVALID with the path of each field at fault, 100 at most. */
export function parseExport(text: string): Outcome<ExportedList[]> {
  const data = parseJson(text);
  const parsed = exportSchema.safeParse(data);
  if (!parsed.success) {
    const faults = parsed.error.issues
      .slice(0, MAX_FAULTS)
      .map((issue) => fault('INVALID', issue.path.map(String), issue.message));
    return refused(...faults);
  }
  const faults = parsed.data.watchlists.flatMap(valueFaults).slice(0, MAX_FAULTS);
  return faults.length > 0 ? refused(...faults) : done(parsed.data.watchlists.map(exportedList));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valueFaults(list: z.infer<typeof listSchema>, listIndex: number): WatchFault[] {
  return list.observables.flatMap(({ type, value }, index) =>
    canonicalise(type, value) === undefined
      ? fault(
          'INVALID',
          ['watchlists', String(listIndex), 'observables', String(index), 'value'],
          `is not of type ${type}`,
        )
      : [],
  );
}

function exportedList(list: z.infer<typeof listSchema>): ExportedList {
  const { id, createdAt, createdBy, updatedAt, observables, ...settings } = list;
  return {
    id,
    settings,
    createdAt: Date.parse(createdAt),
    createdBy,
    updatedAt: Date.parse(updatedAt),
    observables: observables.flatMap(({ type, value, expiresAt, addedAt, ...place }) => {
      const observable = canonicalise(type, value);
      const expires = expiresAt === null ? null : Date.parse(expiresAt);
      return observable
        ? { ...place, observable, expiresAt: expires, addedAt: Date.parse(addedAt) }
        : [];
    }),
  };
}

function listHead(list: Watchlist): string {
  const head = {
    id: list.id,
    ...pickSettings(list),
    createdAt: isoOrNull(list.createdAt),
    createdBy: list.createdBy,
    updatedAt: isoOrNull(list.updatedAt),
  };
  return `${JSON.stringify(head).slice(0, -1)},"observables":[`;
}

function placeJson(one: WatchedObservable): string {
  return JSON.stringify({
    type: one.observable.type,
    value: one.observable.value,
    note: one.note,
    expiresAt: isoOrNull(one.expiresAt),
    paused: one.paused,
    addedAt: isoOrNull(one.addedAt),
    addedBy: one.addedBy,
  });
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
