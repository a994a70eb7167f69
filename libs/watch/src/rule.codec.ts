import type { ListRule } from './schedule.js';
import { PRIORITIES } from './watchlist.js';
import type { Watchlist } from './watchlist.js';

export function ruleOf(list: Watchlist): ListRule {
  const { no, id, enabled, priority } = list;
  return { no, id, enabled, priority, intervalMs: list.refreshIntervalSeconds * 1_000 };
}

/** `id enabled priority interval`. */
export function encodeRule({ id, enabled, priority, intervalMs }: ListRule): string {
  return `${id} ${enabled ? 1 : 0} ${priority} ${intervalMs}`;
}

export function decodeRule(no: number, text: string): ListRule {
  const [id = '', enabled, priority, interval] = text.split(' ');
  return {
    no,
    id,
    enabled: enabled === '1',
    priority: PRIORITIES.find((known) => known === priority) ?? 'NORMAL',
    intervalMs: Number(interval),
  };
}
