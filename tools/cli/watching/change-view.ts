import type { Change, StoredChange } from '#changes';

import { observableText } from './naming.js';
import { table } from './table.js';
import { instantText, minuteText } from './terminal-text.js';

/** A change in the words of the operations API. */
export function changeJson(change: Change | StoredChange, nameOf: (id: string) => string): object {
  const { watchlists, detectedAt, ...rest } = change;
  return {
    ...rest,
    detectedAt: instantText(detectedAt),
    ...('acknowledgedAt' in change && { acknowledgedAt: instantText(change.acknowledgedAt) }),
    watchlists: watchlists.map((id) => ({ id, name: nameOf(id) })),
  };
}

export function changeTable(
  changes: readonly StoredChange[],
  nameOf: (id: string) => string,
): string[] {
  const rows = changes.map((change) => [
    ...factCells(change),
    change.watchlists.map(nameOf).join(', '),
    acknowledgementText(change),
    change.id,
  ]);
  return table([...FACT_HEADINGS, 'LISTS', 'ACKNOWLEDGED', 'ID'], rows);
}

/** Changes that no list has raised. */
export function factTable(changes: readonly Change[]): string[] {
  return table(FACT_HEADINGS, changes.map(factCells));
}

/** One change as it comes. */
export function changeLine(change: Change, nameOf: (id: string) => string): string {
  const { kind, recordType, value, observable, watchlists } = change;
  const lists = watchlists.map(nameOf).join(', ');
  return `${kind} ${observableText(observable)} ${recordType} ${value} [${lists}]`;
}

const FACT_HEADINGS = ['FOUND', 'KIND', 'OBSERVABLE', 'RECORD', 'VALUE', 'FIRST', 'LAST'];

function factCells(change: Change): string[] {
  return [
    minuteText(change.detectedAt),
    change.kind,
    observableText(change.observable),
    change.recordType,
    change.value,
    change.firstSeen ?? '-',
    change.lastSeen ?? '-',
  ];
}

function acknowledgementText({ acknowledgedAt, acknowledgedBy }: StoredChange): string {
  return acknowledgedAt === null ? '-' : `${minuteText(acknowledgedAt)} ${acknowledgedBy ?? ''}`;
}
