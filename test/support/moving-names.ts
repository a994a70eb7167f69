import type { Interval, Look } from '#changes';

/** Names whose addresses move now and then, always in the same way. */
export interface MovingNames {
  readonly tenant: string;
  readonly names: number;
  readonly days: number;
}

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T12:00:00Z');

function nameOf(index: number): string {
  return `host-${index}.example.com`;
}

/** The day (0…) of a look. */
export function dayOfLook(at: number): number {
  return Math.round((at - START) / DAY_MS);
}

/** What upstream shows of a name on a day. */
export function lookAt({ tenant }: MovingNames, name: number, day: number): Look {
  return {
    tenant,
    observable: { type: 'domain', value: nameOf(name) },
    recordType: 'A',
    at: START + day * DAY_MS,
    intervals: intervalsOf(name, day).reverse(),
    reach: 'all',
    watchlists: [`wl_${name % 3}`, 'wl_all'],
  };
}

function intervalsOf(name: number, until: number): Interval[] {
  const intervals: Interval[] = [];
  let begin = -20;
  for (let turn = 0; begin <= until; turn += 1) {
    const chance = scatter(name * 1_009 + turn);
    const last = begin + (chance % 9);
    intervals.push({
      first: dateOf(begin),
      last: dateOf(Math.min(last, until)),
      values: [`192.0.2.${chance % 5}`, `198.51.100.${(chance >> 3) % 3}`],
      orgs: [`Example Hosting ${chance % 4} Inc.`],
    });
    // Now and then a name is silent for longer than a value counts as current.
    begin = last + (chance % 11 === 0 ? 25 : 1);
  }
  return intervals;
}

function dateOf(day: number): string {
  return new Date(START + day * DAY_MS).toISOString().slice(0, 10);
}

/** A number that looks like chance: Knuth's multiplicative hash, its high bits. */
function scatter(number: number): number {
  return Math.imul(number + 1, 2_654_435_761) >>> 7;
}
