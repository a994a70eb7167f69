import { isIP } from 'node:net';

import { dayOf, type Day } from '../time/calendar.js';
import { between, drawFor, type Draw } from './hash.js';
import type { RecordType } from './record-type.js';
import { abandoned, moving, returning, rotating, settled, type Origin } from './rhythms.js';
import { NOTHING, type Rhythm } from './timeline.js';

// The vendor's oldest records are of this day, so it means "then or earlier" (securitytrails-api 2.1).
const OLDEST = dayOf('2008-09-01');
const BIRTH_RANGE_DAYS = 6000;
const BUSY_SINCE = dayOf('2025-01-01');

type Build = (origin: Origin, born: Day) => Rhythm;

/** Shares of a hundred names, in order: `[upper border, rhythm]`. */
const CHARACTERS: readonly (readonly [number, Build])[] = [
  [10, () => NOTHING],
  [35, settled],
  [62, (origin, born) => moving(origin, born, [180, 1100])],
  [77, returning],
  [
    89,
    (origin, born) =>
      rotating(origin, born, {
        period: between(20, 60, origin.draw('period')),
        sets: between(3, 9, origin.draw('sets')),
        members: between(1, 4, origin.draw('size')),
        order: 'mixed',
      }),
  ],
  [
    94,
    (origin) =>
      rotating(origin, BUSY_SINCE + between(0, 180, origin.draw('since')), {
        period: between(3, 6, origin.draw('period')),
        sets: between(4, 12, origin.draw('sets')),
        members: between(1, 8, origin.draw('size')),
        order: 'mixed',
      }),
  ],
  [100, (origin, born) => abandoned(origin, born, between(1, 4, origin.draw('moves')))],
];

const SECOND_LEVELS = new Set(['ac', 'co', 'com', 'edu', 'gov', 'net', 'org']);

/** The registered domain of a name, told by the usual form of second levels (no list of suffixes). */
export function apexOf(host: string): string {
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  return labels.slice(top.length === 2 && SECOND_LEVELS.has(second) ? -3 : -2).join('.');
}

/** Whether the world has no such name at all: those under `.invalid` (RFC 6761). */
export function isUnknownName(host: string): boolean {
  return host === 'invalid' || host.endsWith('.invalid');
}

// Sub-hosts were seen with addresses but without name servers (securitytrails-api 2.1).
function asksForApexData(host: string, type: RecordType): boolean {
  return type === 'a' || type === 'aaaa' || apexOf(host) === host;
}

function characterOf(hostDraw: Draw): Build {
  const share = hostDraw('character') % 100;
  return CHARACTERS.find(([border]) => share < border)?.[1] ?? settled;
}

/**
 * The rhythm of any name of the internet: believable, the same for the same seed and name; one name
 * in ten has nothing, half of the others no IPv6.
 */
export function derivedRhythm(seed: number, host: string, type: RecordType): Rhythm {
  const hostDraw = drawFor(seed, 'host', host);
  const withoutV6 = hostDraw('ipv6') % 2 === 0;
  const isNoName = isIP(host) !== 0 || isUnknownName(host);
  if (isNoName || !asksForApexData(host, type) || (type === 'aaaa' && withoutV6)) {
    return NOTHING;
  }
  const origin: Origin = { type, draw: drawFor(seed, host, type) };
  const born = OLDEST + (hostDraw('born') % BIRTH_RANGE_DAYS);
  const rhythm = characterOf(hostDraw)(origin, born);
  const isAddress = type === 'a' || type === 'aaaa';
  // Name servers and mail hosts do not rotate: they move now and then.
  return isAddress || rhythm === NOTHING ? rhythm : moving(origin, born, [700, 1800]);
}
