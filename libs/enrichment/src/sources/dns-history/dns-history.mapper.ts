import { buildSighting, dataTable, instant, observedDays } from '#ctim';
import type { DataTable, ObservedRelation, Sighting } from '#ctim';
import { canonicalise } from '#observables';

import type { Drawing } from '../../enrichment-source.port.js';
import { sightingId } from '../../sighting-id.js';
import { RELATION_ORIGIN } from '../relation-origin.js';
import { valueSpans } from './interval.js';
import type { Interval, ValueSpan } from './interval.js';

/** More rows than that help nobody, and the platform shows them all. */
const MOST_ROWS = 100;

const FAMILY: Readonly<Record<string, string>> = { a: 'IPv4', aaaa: 'IPv6' };

/** The sighting of a name's address history, one record type (relay-protocol 3.2, ctim 5.2). */
export function drawDnsHistory(
  drawing: Drawing<Interval>,
  sourceUri: string | undefined,
): Sighting | undefined {
  const { question, given } = drawing;
  const spans = valueSpans(drawing.items)
    .filter(({ value }) => addressType(value) !== undefined)
    .sort((a, b) => (a.value < b.value ? -1 : 1));
  if (spans.length === 0) {
    return undefined;
  }
  const recordType = question.kind.toUpperCase();
  return buildSighting({
    id: sightingId([given.type, given.value, drawing.occurrence, question.kind, spans.map(fact)]),
    external_ids: [`securitytrails-dns-history-${question.kind}-${question.observable.value}`],
    count: spans.length,
    observables: [given],
    observed_time: observedTime(drawing, spans),
    description: `${FAMILY[question.kind] ?? 'IP'} addresses that ${given.value} resolves to`,
    source_uri: sourceUri,
    relations: spans.map((span) => relation(span, given, recordType)),
    data: table(spans),
  });
}

/** What a sighting claims of a value. Its last day is left out: it moves while nothing changes. */
function fact({ value, first, intervals }: ValueSpan): readonly unknown[] {
  return [value, first, intervals];
}

function observedTime(
  { fetchedAt, queriedAt }: Drawing<Interval>,
  spans: readonly ValueSpan[],
): Sighting['observed_time'] {
  if (queriedAt !== undefined) {
    return { start_time: instant(queriedAt), end_time: instant(queriedAt) };
  }
  const firsts = spans.flatMap(({ first }) => first ?? []).sort();
  const lasts = spans.flatMap(({ last }) => last ?? []).sort();
  const running = spans.some(({ last }) => last === null);
  return observedDays({
    firstSeen: firsts.at(0),
    lastSeen: running ? undefined : lasts.at(-1),
    fetchedAtMs: fetchedAt,
  });
}

function relation(
  span: ValueSpan,
  given: Drawing<Interval>['given'],
  recordType: string,
): ObservedRelation {
  return {
    origin: RELATION_ORIGIN,
    relation: 'Resolved_To',
    source: given,
    related: { type: addressType(span.value) ?? 'ip', value: span.value },
    relation_info: {
      record_type: recordType,
      ...(span.first !== null && { first_seen: span.first }),
      ...(span.last !== null && { last_seen: span.last }),
      intervals: span.intervals,
      ...(span.orgs.length > 0 && { organizations: span.orgs }),
    },
  };
}

function addressType(value: string): 'ip' | 'ipv6' | undefined {
  const type = value.includes(':') ? 'ipv6' : 'ip';
  return canonicalise(type, value) && type;
}

function table(spans: readonly ValueSpan[]): DataTable {
  const rows = [...spans]
    .sort((a, b) => newestFirst(a.last, b.last) || newestFirst(a.first, b.first))
    .slice(0, MOST_ROWS)
    .map(({ value, first, last, orgs }) => [value, first, last, orgs.join(', ') || null]);
  return dataTable(
    [
      { name: 'Value', type: 'string' },
      { name: 'First seen', type: 'string' },
      { name: 'Last seen', type: 'string' },
      { name: 'Organization', type: 'string' },
    ],
    rows,
  );
}

/** Running spans have no last day and are the newest of all. */
function newestFirst(a: string | null, b: string | null): number {
  return a === b ? 0 : a === null ? -1 : b === null ? 1 : a > b ? -1 : 1;
}
