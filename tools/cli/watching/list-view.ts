import type { ListSummary, Watchlist } from '#watch';

import { fields, table } from './table.js';
import { durationText, instantText, minuteText, yesNo } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';

export interface ListView {
  readonly list: Watchlist;
  readonly summary: ListSummary;
}

/** Lists with their counts by state. */
export async function viewsOf(
  { reader }: WatchingDesk,
  lists: readonly Watchlist[],
): Promise<ListView[]> {
  const summaries = await reader.summaries(lists);
  return lists.flatMap((list, index) => {
    const summary = summaries[index];
    return summary === undefined ? [] : { list, summary };
  });
}

/** A list in the words of the operations API. */
export function listJson({ list, summary }: ListView): object {
  const { byState, total, lastChangeAt } = summary;
  return {
    id: list.id,
    name: list.name,
    description: list.description,
    tags: list.tags,
    enabled: list.enabled,
    priority: list.priority,
    refreshIntervalSeconds: list.refreshIntervalSeconds,
    monthlyCallBudget: list.monthlyCallBudget,
    muted: list.muted,
    createdAt: instantText(list.createdAt),
    createdBy: list.createdBy,
    updatedAt: instantText(list.updatedAt),
    summary: {
      total,
      fresh: byState.FRESH,
      due: byState.DUE,
      failing: byState.FAILING,
      neverFetched: byState.PENDING,
      byState,
      lastChangeAt: instantText(lastChangeAt),
    },
  };
}

export function listTable(views: readonly ListView[]): string[] {
  const rows = views.map(({ list, summary: { total, byState, lastChangeAt } }) => [
    list.name,
    list.id,
    list.priority,
    durationText(list.refreshIntervalSeconds),
    list.monthlyCallBudget ?? '-',
    yesNo(list.enabled),
    total,
    byState.FRESH,
    byState.DUE,
    byState.FAILING,
    byState.PENDING,
    minuteText(lastChangeAt),
  ]);
  return table(HEADINGS, rows);
}

const HEADINGS = [
  'NAME',
  'ID',
  'PRIORITY',
  'EVERY#',
  'BUDGET#',
  'ENABLED',
  'TOTAL#',
  'FRESH#',
  'DUE#',
  'FAILING#',
  'NEW#',
  'LAST CHANGE',
];

export function listFields({ list, summary }: ListView): string[] {
  const { byState, total, lastChangeAt } = summary;
  const states = Object.entries(byState).filter(([, count]) => count > 0);
  return fields([
    ['name', list.name],
    ['id', list.id],
    ['description', list.description ?? '-'],
    ['tags', list.tags.join(', ') || '-'],
    ['priority', list.priority],
    ['refreshed every', durationText(list.refreshIntervalSeconds)],
    ['calls a month', list.monthlyCallBudget ?? 'no limit of its own'],
    ['enabled', yesNo(list.enabled)],
    ['muted', yesNo(list.muted)],
    ['created', `${minuteText(list.createdAt)} by ${list.createdBy}`],
    ['changed', minuteText(list.updatedAt)],
    ['observables', total],
    ...states.map(([state, count]) => [`  ${state}`, count] as const),
    ['last change found', minuteText(lastChangeAt)],
  ]);
}
