import { PRIORITIES } from './watchlist.js';
import type { Priority } from './watchlist.js';

/** Something due, as the claims see it. */
export interface Candidate {
  readonly key: string;
  readonly priority: Priority;
  /** Nothing is known yet: the first fetch. */
  readonly first: boolean;
  /** It came due before and was put off, taken back or asked for: caps do not hold it up again. */
  readonly again?: boolean;
  /** Since when, epoch milliseconds. */
  readonly dueAt: number;
}

/** First fetches of lists of a priority, or their refreshes. */
export type ClaimLane = Priority | `${Priority} first`;

/** How many may be taken of a lane at most; as many as there are of one that is not named. */
export type ClaimCaps = Readonly<Partial<Record<ClaimLane, number>>>;

/** The lanes in the order in which they go, with their shares of the turns when all are busy. */
const SHARES: readonly (readonly [lane: ClaimLane, share: number])[] = [
  ['HIGH first', 8],
  ['HIGH', 4],
  ['NORMAL first', 4],
  ['NORMAL', 2],
  ['LOW first', 2],
  ['LOW', 1],
];

/** One round of turns: each lane's are spread evenly over it. */
const ROUND: readonly ClaimLane[] = SHARES.flatMap(([lane, share]) =>
  Array.from({ length: share }, (_, index) => ({ lane, at: (index + 0.5) / share })),
)
  .sort((one, other) => one.at - other.at)
  .map(({ lane }) => lane);

/**
 * Chooses what goes now. A turn belongs to a lane; one that has nothing leaves it to the first lane
 * that has. So high priority goes before low and a first fetch before a refresh, and yet the least
 * lane has one turn of 21: nothing starves.
 *
 * @param turn how many were chosen before, so that rounds go on over calls and processes.
 * @param caps hold up what has come due just now, see {@link Candidate.again}.
 * @returns at most `limit`, the first lanes first, in each what is due longest first.
 */
export function chooseClaims(
  candidates: Iterable<Candidate>,
  limit: number,
  turn: number,
  caps: ClaimCaps = {},
): Candidate[] {
  const lanes = fillLanes(candidates, caps);
  const chosen: Candidate[] = [];
  for (let index = 0; index < limit; index += 1) {
    const lane = lanes.get(ROUND[(turn + index) % ROUND.length] ?? 'HIGH');
    const next = lane?.shift() ?? firstOf(lanes);
    if (next === undefined) {
      break;
    }
    chosen.push(next);
  }
  return chosen.sort(byLane);
}

function firstOf(lanes: ReadonlyMap<ClaimLane, Candidate[]>): Candidate | undefined {
  for (const [name] of SHARES) {
    const next = lanes.get(name)?.shift();
    if (next !== undefined) {
      return next;
    }
  }
  return undefined;
}

function fillLanes(candidates: Iterable<Candidate>, caps: ClaimCaps): Map<ClaimLane, Candidate[]> {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = best.get(candidate.key);
    if (known === undefined || byLane(candidate, known) < 0) {
      best.set(candidate.key, candidate);
    }
  }
  const lanes = new Map<ClaimLane, Candidate[]>(SHARES.map(([name]) => [name, []]));
  for (const candidate of best.values()) {
    lanes.get(laneOf(candidate))?.push(candidate);
  }
  for (const [name, lane] of lanes) {
    lane.sort((one, other) => one.dueAt - other.dueAt);
    lanes.set(name, capped(lane, caps[name] ?? Infinity));
  }
  return lanes;
}

function capped(lane: readonly Candidate[], cap: number): Candidate[] {
  let left = cap;
  return lane.filter(({ again }) => again === true || (left -= 1) >= 0);
}

function byLane(one: Candidate, other: Candidate): number {
  return (
    PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority) ||
    Number(other.first) - Number(one.first) ||
    one.dueAt - other.dueAt
  );
}

function laneOf({ priority, first }: Candidate): ClaimLane {
  return first ? `${priority} first` : priority;
}
