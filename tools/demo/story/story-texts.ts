import type { Change } from '#changes';
import type { Account, LedgerRow } from '#ledger';
import type { CanonicalObservable } from '#observables';
import type { BulkResult, Watchlist } from '#watch';

import { endText, previewFields } from '../../cli/watching/cost-view.js';
import { table } from '../../cli/watching/table.js';
import { minuteText } from '../../cli/watching/terminal-text.js';
import type { DemoPlan } from '../demo-plan.js';
import { keyOf } from '../demo-plan.js';

import { DEMO_LIST } from './demo-list.js';
import type { Import } from './demo-list.js';

/** What was pasted, which of it was refused, and what the rest will cost. */
export function importLines(pasted: string, { read, preview }: Import, list: Watchlist): string[] {
  return [
    ...pasted.split('\n').map((line, index) => `${index + 1} | ${line}`),
    '',
    ...rejectionLines(read),
    '',
    ...previewFields(preview, read, list),
  ];
}

function rejectionLines({ rejected }: BulkResult): string[] {
  const rows = rejected.map(({ line, value, reason }) => [line, value, reason]);
  return table(['LINE#', 'REJECTED', 'REASON'], rows);
}

/** An observable that was fetched, as one of so many. */
export function fetchedLine(
  { value }: CanonicalObservable,
  { done, total }: { readonly done: number; readonly total: number },
): string {
  return `${done} of ${total}  ${value}`;
}

const CHANGE_HEADINGS = ['KIND', 'OBSERVABLE', 'VALUE', 'WHEN IT WAS TRUE', 'WHEN WE LEARNED'];

/** Changes with both their times. */
export function changeLines(changes: readonly Change[]): string[] {
  return table(CHANGE_HEADINGS, changes.map(cells));
}

/** The same as they come, without headings. */
export function lateChangeLines(changes: readonly Change[]): string[] {
  return changeLines(changes).slice(1);
}

function cells({ kind, observable, value, firstSeen, lastSeen, detectedAt }: Change): string[] {
  // Of an address upstream tells only what is so now.
  const days = firstSeen === null ? 'no days told' : `${firstSeen} to ${lastSeen ?? 'now'}`;
  return [kind, observable.value, value, days, secondText(detectedAt)];
}

/** Calls by their causes. */
export function ledgerLines(rows: readonly LedgerRow[]): string[] {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  return [
    ...table(
      ['CAUSE', 'CALLS#'],
      rows.map((row) => [row.key, row.calls]),
    ),
    `${calls} calls this month, each booked before it was made`,
  ];
}

/** Where the month's quota stands. */
export function quotaLine({ used, limit, reserve, exhaustsAt, resetsAt }: Account): string {
  const of = limit === null ? '' : ` of ${limit}`;
  const end = `ends at this pace: ${endText(exhaustsAt, limit)} (${minuteText(resetsAt)})`;
  return `quota: ${used}${of} used, ${reserve} kept for analysts; ${end}`;
}

const COMMANDS = [
  `changes --list ${DEMO_LIST}`,
  'watch',
  'quota',
  `observables ${DEMO_LIST}`,
  'ledger --by list',
];

/** Commands to copy, with what of the environment only the demo knows. */
export function commandLines(plan: DemoPlan): string[] {
  const redis =
    plan.redisUrl === undefined ? `REDIS_URL=redis://127.0.0.1:${plan.ports.redis} ` : '';
  const environment = `${redis}SECURITYTRAILS_API_KEY=${keyOf(plan)}`;
  return COMMANDS.map((command) => `${environment} npm run --silent cli -- ${command}`);
}

/** The second of an instant in UTC, such as `2026-11-22 10:05:07Z`. */
function secondText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
