import { Command } from 'commander';

import type { Account } from '#ledger';
import type { Priority } from '#watch';
import type { Pacing, Plan } from '#watching';

import type { CliEdges } from '../cli-edges.js';

import { endText } from './cost-view.js';
import { namesOf } from './naming.js';
import { result } from './result.js';
import { fields, table } from './table.js';
import { instantText, minuteText, numberText } from './terminal-text.js';
import { atDesk } from './watching-desk.js';

type NameOf = (id: string) => string;

/** `quota`: what is used, what is left, and when the plan would end it. No upstream call. */
export function quotaCommand(edges: CliEdges): Command {
  return new Command('quota')
    .description('the month’s quota: used, left, planned, and when it would end')
    .option('--json', 'for scripts')
    .action(async ({ json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const [account, plan, pacing] = await Promise.all([
          desk.ledger.account(desk.tenant),
          desk.plan.plan(),
          desk.pace.pacing(),
        ]);
        const ids = [...new Set([...account.byList.keys(), ...plan.byList.keys()])];
        const nameOf = await namesOf(desk, ids);
        const pace = callsPerDay(pacing);
        const shown = { ...quotaJson(account, plan, { ids, nameOf }), callsPerDayByPriority: pace };
        result(edges, json, shown, () => [
          ...quotaFields(account, plan),
          ...fields([['refreshes a day', paceText(pace)]]),
          '',
          ...listTable(account, plan, { ids, nameOf }),
        ]);
      });
    });
}

interface Lists {
  readonly ids: readonly string[];
  readonly nameOf: NameOf;
}

function quotaJson(account: Account, plan: Plan, { ids, nameOf }: Lists): object {
  return {
    ...account,
    asOf: instantText(account.asOf),
    resetsAt: instantText(account.resetsAt),
    exhaustsAt: instantText(account.exhaustsAt),
    plannedRefreshCallsPerMonth: plan.callsPerMonth,
    plannedBasis: plan.basis,
    byList: ids.map((id) => ({
      id,
      name: nameOf(id),
      callsThisMonth: account.byList.get(id) ?? 0,
      plannedCallsPerMonth: plan.byList.get(id) ?? 0,
    })),
  };
}

function quotaFields(account: Account, plan: Plan): string[] {
  const { asOf, exhaustsAt, upstreamUsed } = account;
  const upstream = asOf === null ? 'not read yet' : `${upstreamUsed ?? '-'} at ${minuteText(asOf)}`;
  return fields([
    ['month', account.month],
    ['used', account.used],
    ['  booked here', account.own],
    ['  told by SecurityTrails', upstream],
    ['limit', account.limit ?? 'not known'],
    ['left', account.remaining ?? 'not known'],
    ['  kept for analysts', account.reserve],
    ['resets', minuteText(account.resetsAt)],
    ['calls in the last 24 h', numberText(account.callsPerDay)],
    ['at this pace it ends', endText(exhaustsAt, account.limit)],
    ['refreshes planned a month', plannedText(plan)],
  ]);
}

/** Null: as many as are planned. */
function callsPerDay({ callsPerDay: given }: Pacing): Record<Priority, number | null> {
  const shown = (calls: number) => (Number.isFinite(calls) ? Math.floor(calls) : null);
  return { HIGH: shown(given.HIGH), NORMAL: shown(given.NORMAL), LOW: shown(given.LOW) };
}

function paceText(pace: Record<Priority, number | null>): string {
  const kept = (['HIGH', 'NORMAL', 'LOW'] as const).flatMap((priority) =>
    pace[priority] === null ? [] : [`${priority} ${pace[priority]} calls`],
  );
  return kept.length === 0 ? 'as planned' : `${kept.join(', ')}, so that the quota lasts the month`;
}

function plannedText({ callsPerMonth, basis }: Plan): string {
  const calls = numberText(callsPerMonth);
  return basis === 'assumed' ? `${calls} at most: no name has been fetched yet` : calls;
}

function listTable(account: Account, plan: Plan, { ids, nameOf }: Lists): string[] {
  const rows = ids.map((id) => [
    nameOf(id),
    account.byList.get(id) ?? 0,
    numberText(plan.byList.get(id) ?? 0),
  ]);
  return rows.length === 0 ? [] : table(['LIST', 'CALLS THIS MONTH#', 'PLANNED A MONTH#'], rows);
}
