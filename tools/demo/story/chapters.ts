import type { CanonicalObservable } from '#observables';

import type { Cast } from './cast.js';
import { HOMES } from './cast.js';
import type { StageOrder } from './stage.js';

/** What happens in the simulated world on one day. */
export interface Chapter {
  /** In words, a line each; none on a day without news. */
  readonly told: readonly string[];
  readonly orders: readonly StageOrder[];
  /** What the operator asks to be refreshed. */
  readonly refresh: readonly CanonicalObservable[];
}

/** Days on which an operator stands by, from day 1 on. After them the story goes on slowly. */
export const SCRIPTED_DAYS = 2;
/** After these, the shop moves every so many days, and in between the address' names change. */
const ROUND_DAYS = 4;

const QUIET: Chapter = { told: [], orders: [], refresh: [] };

/** The chapter of a day; day 1 is the first that passes. It goes on for ever. */
export function chapterOf(cast: Cast, day: number): Chapter {
  if (day === 1) {
    return joined(shopMoves(cast, day), hostsChange(cast, day));
  }
  if (day === SCRIPTED_DAYS) {
    return joined(shopMoves(cast, day), newsMoves(cast));
  }
  switch (day % ROUND_DAYS) {
    case 0:
      return shopMoves(cast, day);
    case ROUND_DAYS / 2:
      return hostsChange(cast, day);
    default:
      return QUIET;
  }
}

function joined(one: Chapter, other: Chapter): Chapter {
  return {
    told: [...one.told, ...other.told],
    orders: [...one.orders, ...other.orders],
    refresh: [...one.refresh, ...other.refresh],
  };
}

function shopMoves({ shop }: Cast, day: number): Chapter {
  const { address, hoster } = HOMES[homeOn(day)] ?? HOMES[0];
  return {
    told: [`${shop} moves to ${hoster}`],
    orders: [moving(shop, address)],
    refresh: [{ type: 'domain', value: shop }],
  };
}

/** To the second home and back; then round all three, other than before each time. */
function homeOn(day: number): number {
  const count = HOMES.length;
  return day <= SCRIPTED_DAYS
    ? day % SCRIPTED_DAYS
    : (count - ((day / ROUND_DAYS) % count)) % count;
}

/** Nobody asks for it: an analyst will. */
function newsMoves({ news }: Cast): Chapter {
  const { address, hoster } = HOMES[1];
  return {
    told: [`${news} moves to ${hoster}; nobody asks for it yet`],
    orders: [moving(news, address)],
    refresh: [],
  };
}

function hostsChange({ address, hostnames }: Cast, day: number): Chapter {
  const [staying, ...others] = hostnames;
  const turn = Math.floor(day / ROUND_DAYS) % 2;
  const [gone = '', come = ''] = turn === 0 ? others : others.toReversed();
  return {
    told: [`${address} now has ${come}, no longer ${gone}`],
    orders: [{ path: '/_sim/hosts', body: { address, hostnames: [staying, come] } }],
    refresh: [{ type: 'ip', value: address }],
  };
}

function moving(host: string, address: string): StageOrder {
  return { path: '/_sim/intervals', body: { host, type: 'a', interval: { values: [address] } } };
}
