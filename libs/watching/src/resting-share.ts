/** A share of names, 0 to 1: as far as it was measured, and where it lies 19 times of 20. */
export interface Share {
  /** 0 where nothing was measured. */
  readonly likely: number;
  readonly least: number;
  readonly most: number;
  /** Of how many it was measured; with unequal weights, as many as they are worth. */
  readonly measuredBy: number;
}

/** One that was looked at: whether it is of the kind, and for how many it stands. */
export interface Seen {
  readonly holds: boolean;
  readonly weight: number;
}

const UNKNOWN: Share = { likely: 0, least: 0, most: 1, measuredBy: 0 };
/** Standard deviations within which 19 of 20 lie. */
const Z = 1.96;

/** The share that samples show. */
export function measuredShare(seen: Iterable<Seen>): Share {
  let [held, holding, squares] = [0, 0, 0];
  for (const { holds, weight } of seen) {
    held += weight;
    holding += holds ? weight : 0;
    squares += weight * weight;
  }
  return held === 0 ? UNKNOWN : withBounds(holding / held, (held * held) / squares);
}

/** The same for a batch of others: a small batch may well be unlike the whole it was drawn from. */
export function shareInBatch(share: Share, size: number): Share {
  const { likely, measuredBy } = share;
  if (measuredBy === 0 || size === 0) {
    return share;
  }
  return { ...withBounds(likely, 1 / (1 / measuredBy + 1 / size)), measuredBy };
}

/** Wilson's interval, which holds also for few samples and for shares near 0 and 1. */
function withBounds(likely: number, measuredBy: number): Share {
  const doubt = (Z * Z) / measuredBy;
  const middle = (likely + doubt / 2) / (1 + doubt);
  const spread =
    (Z * Math.sqrt((likely * (1 - likely)) / measuredBy + doubt / (4 * measuredBy))) / (1 + doubt);
  return {
    likely,
    least: Math.max(0, middle - spread),
    most: Math.min(1, middle + spread),
    measuredBy,
  };
}
