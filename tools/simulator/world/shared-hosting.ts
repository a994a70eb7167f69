import { isIPv4 } from 'node:net';

import { dayOf } from '../time/calendar.js';
import { between, drawFor, pick } from './hash.js';
import { settled, type Origin } from './rhythms.js';
import { NOTHING, type Rhythm } from './timeline.js';

/** The address with 40,741 host names: 408 pages, of which 100 may be read. */
export const CROWDED_ADDRESS = '192.0.2.100';
const CROWD = 40_741;
/** The address that no name points to. */
export const EMPTY_ADDRESS = '192.0.2.200';

// In alphabetical order, so the names made of them and a rising number are sorted, too.
const WORDS = (
  'account api blog cdn docs forum ftp images login mail ' +
  'news pay shop static support update vpn www'
).split(' ');

const ZONE_FORM = /\.ip-([0-9a-f-]+)-net\.example\.net$/;

/** The domain whose hosts live on one address, for example `ip-192-0-2-17-net.example.net`. */
function zoneOf(address: string): string {
  return `ip-${address.replaceAll(/[.:]/g, '-')}-net.example.net`;
}

function addressOfZone(host: string): string | undefined {
  const dashed = ZONE_FORM.exec(host)?.[1];
  if (dashed === undefined) {
    return undefined;
  }
  const asV4 = dashed.replaceAll('-', '.');
  return isIPv4(asV4) ? asV4 : dashed.replaceAll('-', ':');
}

/**
 * The rhythm of a host that the reverse list names: on that address since 2019, so that going from
 * address to name and back ends where it began. `undefined` for all other hosts.
 */
export function sharedHostRhythm(host: string, origin: Origin): Rhythm | undefined {
  const address = addressOfZone(host);
  if (address === undefined) {
    return undefined;
  }
  const type = isIPv4(address) ? 'a' : 'aaaa';
  return origin.type === type ? settled(origin, dayOf('2019-01-07'), [address]) : NOTHING;
}

/** How many host names an address has, named hosts left out; the same for ever. */
export function crowdOn(seed: number, address: string): number {
  if (address === CROWDED_ADDRESS) {
    return CROWD;
  }
  const draw = drawFor(seed, address);
  const share = draw('crowd') % 100;
  if (address === EMPTY_ADDRESS || share < 30) {
    return 0;
  }
  if (share < 70) {
    return between(1, 5, draw('few'));
  }
  return share < 95 ? between(6, 99, draw('some')) : between(101, 3000, draw('many'));
}

/** Host name number `index` (from 0) of `count` on an address; names rise with the index. */
export function hostOn(address: string, index: number, count: number): string {
  const word = pick(WORDS, Math.floor((index * WORDS.length) / count));
  return `${word}-${String(index).padStart(5, '0')}.${zoneOf(address)}`;
}
