import type { BulkResult, Watchlist } from '#watch';
import type { ImportPreview } from '#watching';

import { fields } from './table.js';
import { durationText, instantText, minuteText } from './terminal-text.js';

const ASSUMED = [
  'A name without IPv6 addresses soon costs about half. How many have none shows at their first fetch;',
  'until then the most is reckoned with. Add some of them first, and the rest is told closer.',
];

/** A cost preview in the words of the operations API. */
export function previewJson(preview: ImportPreview): object {
  return { ...preview, quotaExhaustsAt: instantText(preview.quotaExhaustsAt) };
}

/** What adding would cost, for people. */
export function previewFields(
  preview: ImportPreview,
  { duplicates, rejectedCount }: BulkResult,
  list: Watchlist,
): string[] {
  const { affordableIntervalSeconds: affordable } = preview;
  const every = durationText(list.refreshIntervalSeconds);
  const lines = fields([
    ['values', preview.accepted],
    ['  on the list already', preview.alreadyWatched],
    ['  twice in the text', duplicates],
    ['rejected', rejectedCount],
    ['calls to fetch them first', firstFetchText(preview)],
    [`calls a month, every ${every}`, monthText(preview)],
    ['the quota would end', endText(preview.quotaExhaustsAt, preview.quotaLimit)],
    ['shortest interval that fits', affordable === null ? 'none' : durationText(affordable)],
  ]);
  return preview.basis === 'assumed' ? [...lines, '', ...ASSUMED] : lines;
}

/** A long history has more pages than one; how many, its first page tells. */
function firstFetchText({ firstFetchCalls: least, firstFetchCallsMost: most }: ImportPreview) {
  return most > least ? `at least ${least}, at most ${most}` : least;
}

function monthText({ callsPerMonth, callsPerMonthRange, basis }: ImportPreview): string {
  const [least, most] = [callsPerMonthRange.least, callsPerMonthRange.most].map(wholeText);
  if (least === most) {
    return wholeText(callsPerMonth);
  }
  return basis === 'assumed'
    ? `${least} to ${most}`
    : `${wholeText(callsPerMonth)} (${least} to ${most})`;
}

function wholeText(calls: number): string {
  return String(Math.round(calls));
}

/** When a quota of so many calls ends; null: not known how many, at all. */
export function endText(at: number | null, limit: number | null): string {
  if (limit === null) {
    return 'not known: SecurityTrails has not told how many calls there are';
  }
  return at === null ? 'not before it resets' : minuteText(at);
}
