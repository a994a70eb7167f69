import type { NothingKnown } from './nothing-known.js';

/** How long answers live, in seconds (config: CACHE_*_SECONDS). */
export interface LifeSettings {
  /** Served as they are. */
  readonly freshSeconds: number;
  /** After that, served while they are being refreshed. */
  readonly staleSeconds: number;
  readonly negativeSeconds: number;
}

/** Lives of "nothing known", in multiples of `negativeSeconds`. */
const NEGATIVE_FACTOR: Readonly<Record<NothingKnown, number>> = {
  // A name may be seen for the first time at any moment.
  empty: 1,
  // Upstream does not know the name at all; it takes longer to appear there.
  not_found: 2,
  // What upstream refuses as a name today it refuses tomorrow.
  invalid_name: 24,
};

export interface Life {
  readonly freshMs: number;
  readonly keepMs: number;
}

export function positiveLife({ freshSeconds, staleSeconds }: LifeSettings): Life {
  return { freshMs: freshSeconds * 1_000, keepMs: (freshSeconds + staleSeconds) * 1_000 };
}

export function negativeLife({ negativeSeconds }: LifeSettings, reason: NothingKnown): Life {
  const ms = negativeSeconds * NEGATIVE_FACTOR[reason] * 1_000;
  return { freshMs: ms, keepMs: ms };
}
