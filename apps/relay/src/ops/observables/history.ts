import { CURRENT_WITHIN_DAYS, RECORDS_OF } from '#changes';
import type { DnsRecordType, KnownHistory } from '#changes';
import type { Holding } from '#enrichment';
import type { CanonicalObservable } from '#observables';
import { DEPLOYMENT } from '#watching';
import type { Watching } from '#watching';

import type { Given } from '../schema/given.js';
import type { HistoryFilter, HistoryRecordObject } from './observable.object-type.js';

interface Span {
  readonly first: string | null;
  readonly last: string | null;
  readonly values: readonly string[];
  readonly orgs: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * The history of an observable as far as anything is held of it, newest first: what watching knows,
 * else what the cache has. Undefined when neither has anything.
 */
export async function historyOf(
  { histories }: Pick<Watching, 'histories'>,
  observable: CanonicalObservable,
  holding: () => Promise<Holding>,
): Promise<HistoryRecordObject[] | undefined> {
  const types = RECORDS_OF[observable.type];
  const known = await histories.knownMany(
    types.map((recordType) => ({ tenant: DEPLOYMENT, observable, recordType })),
  );
  const records = known.every((history) => history === undefined)
    ? heldRecords(await holding())
    : types.flatMap((type, index) => knownRecords(type, known[index]));
  return records?.sort(newestFirst);
}

function knownRecords(
  recordType: DnsRecordType,
  history: KnownHistory | undefined,
): HistoryRecordObject[] {
  return (history?.intervals ?? []).flatMap((interval) =>
    recordsOf(recordType, interval, history?.lookedAt ?? 0),
  );
}

function heldRecords({ answers }: Holding): HistoryRecordObject[] | undefined {
  return answers.length === 0
    ? undefined
    : answers.flatMap(({ recordType, intervals, fetchedAt }) =>
        intervals().flatMap((interval) => recordsOf(recordType, interval, fetchedAt)),
      );
}

/** Upstream may be late by some days with the last day of what runs. */
function recordsOf(recordType: DnsRecordType, span: Span, at: number): HistoryRecordObject[] {
  const since = new Date(at - CURRENT_WITHIN_DAYS * DAY_MS).toISOString().slice(0, 10);
  const active = span.last === null || span.last >= since;
  return span.values.map((value) => ({
    recordType,
    value,
    firstSeen: span.first,
    lastSeen: span.last,
    organizations: span.orgs,
    active,
  }));
}

export function passesHistory(
  record: HistoryRecordObject,
  { recordType, activeOn, valueContains = '' }: Given<HistoryFilter>,
): boolean {
  const { firstSeen, lastSeen, value } = record;
  return (
    (recordType === undefined || record.recordType === recordType) &&
    (activeOn === undefined ||
      ((firstSeen ?? '') <= activeOn && activeOn <= (lastSeen ?? '9999-12-31'))) &&
    value.toLowerCase().includes(valueContains.trim().toLowerCase())
  );
}

/** A text by which records sort newest first: later days have less. */
export function historyPlace({
  recordType,
  value,
  firstSeen,
  lastSeen,
}: HistoryRecordObject): string {
  return JSON.stringify([
    inverse(lastSeen ?? '9999-12-31'),
    inverse(firstSeen ?? ''),
    recordType,
    value,
  ]);
}

function newestFirst(one: HistoryRecordObject, other: HistoryRecordObject): number {
  return historyPlace(one) < historyPlace(other) ? -1 : 1;
}

function inverse(day: string): string {
  const digits = day.replaceAll('-', '').padStart(8, '0');
  return String(99_999_999 - Number(digits)).padStart(8, '0');
}
