/** How much may be watched; the operator may set each. Lengths are UTF-16 units. */
export interface WatchLimits {
  readonly lists: number;
  readonly observablesPerList: number;
  readonly nameLength: number;
  readonly descriptionLength: number;
  readonly tags: number;
  readonly tagLength: number;
  readonly noteLength: number;
  readonly minIntervalSeconds: number;
  readonly maxIntervalSeconds: number;
}

export const DEFAULT_LIMITS: WatchLimits = {
  lists: 1_000,
  observablesPerList: 100_000,
  nameLength: 100,
  descriptionLength: 1_000,
  tags: 20,
  tagLength: 50,
  noteLength: 500,
  minIntervalSeconds: 3_600,
  maxIntervalSeconds: 90 * 86_400,
};

/** Of who did something; longer names are cut. */
export const ACTOR_LENGTH = 200;
