import { dayOf, type Day } from '../time/calendar.js';
import { moving, returning, rotating, settled, type Origin, type Turn } from './rhythms.js';
import { NOTHING, type Rhythm } from './timeline.js';

/** A host whose history has a documented character. */
export interface NamedHost {
  readonly host: string;
  /** What there is to see, in one sentence, for `GET /_sim/world`. */
  readonly about: string;
  /** Its rhythm for a record type. `epoch` is the first simulated day. */
  rhythm(origin: Origin, epoch: Day): Rhythm;
}

const CDN_TURN: Turn = { period: 2, sets: 4, members: 3, order: 'round' };
const CDN_INTERVALS = 240;
const LONG_TURN: Turn = { period: 2, sets: 19, members: 1, order: 'mixed' };
const LONG_INTERVALS = 432;
const LONG_V6_INTERVALS = 120;

function turnsUntil(epoch: Day, origin: Origin, turn: Turn, count: number): Rhythm {
  return rotating(origin, epoch - (count - 1) * turn.period, turn);
}

// Name servers, mail hosts and the like change seldom, whatever the addresses do.
function calm(origin: Origin): Rhythm {
  return moving(origin, dayOf('2013-09-02'), [900, 1900]);
}

function isAddressType({ type }: Origin): boolean {
  return type === 'a' || type === 'aaaa';
}

/** All hosts with a character; every other name is derived from a hash of the name. */
export const NAMED_HOSTS: readonly NamedHost[] = [
  {
    host: 'moved.example.com',
    about: 'moved from hoster to hoster about every two years since 2012; IPv6 since 2019',
    rhythm: (origin) => {
      if (!isAddressType(origin)) {
        return calm(origin);
      }
      const born = dayOf(origin.type === 'a' ? '2012-05-14' : '2019-02-11');
      return moving(origin, born, [500, 900]);
    },
  },
  {
    host: 'cdn.example.com',
    about: `rotates over four sets of three addresses every two days: ${CDN_INTERVALS} intervals on the first day, more with time`,
    rhythm: (origin, epoch) =>
      isAddressType(origin) ? turnsUntil(epoch, origin, CDN_TURN, CDN_INTERVALS) : calm(origin),
  },
  {
    host: 'returning.example.com',
    about: 'two addresses that come back, equal neighbours, gaps and empty answers; no IPv6',
    rhythm: (origin) => {
      if (!isAddressType(origin)) {
        return calm(origin);
      }
      return origin.type === 'a' ? returning(origin, dayOf('2016-02-01')) : NOTHING;
    },
  },
  {
    host: 'long.example.com',
    about: `five pages: ${LONG_INTERVALS} intervals over 19 addresses on the first day; two pages of IPv6`,
    rhythm: (origin, epoch) => {
      if (!isAddressType(origin)) {
        return calm(origin);
      }
      const count = origin.type === 'a' ? LONG_INTERVALS : LONG_V6_INTERVALS;
      return turnsUntil(epoch, origin, LONG_TURN, count);
    },
  },
  {
    host: 'quiet.example.com',
    about: 'the same address since 2015; no IPv6',
    rhythm: (origin) => (origin.type === 'aaaa' ? NOTHING : settled(origin, dayOf('2015-06-01'))),
  },
  {
    host: 'new.example.com',
    about: 'first seen the day before the first day: one record and "pages": 0',
    rhythm: (origin, epoch) => settled(origin, epoch - 1),
  },
  {
    host: 'v6.example.com',
    about: 'IPv6 only, with moves',
    rhythm: (origin) => {
      if (origin.type === 'a') {
        return NOTHING;
      }
      return origin.type === 'aaaa'
        ? moving(origin, dayOf('2017-03-06'), [300, 700])
        : calm(origin);
    },
  },
  {
    host: 'nothing.example.com',
    about: 'nothing known: 200 with no records for every type',
    rhythm: () => NOTHING,
  },
];
