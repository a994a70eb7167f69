import type { Sighting } from './sighting.js';

/** The only keys that the platform allows in the data of an answer (relay-protocol 1.4). */
export const BUNDLE_KEYS = [
  'sightings',
  'verdicts',
  'judgements',
  'indicators',
  'relationships',
  'attack_patterns',
  'malwares',
  'tools',
  'campaigns',
  'actors',
  'coas',
  'incidents',
  'vulnerabilities',
  'weaknesses',
  'feedbacks',
  'notes',
  'data_tables',
  'identity_assertions',
] as const;
export type BundleKey = (typeof BUNDLE_KEYS)[number];

/** Documents of one kind; count is how many there are (relay-protocol 1.4). */
export interface EntityGroup<Doc> {
  readonly count: number;
  readonly docs: readonly Doc[];
}

/** The data of an observe answer. */
export interface EntityMap {
  readonly sightings?: EntityGroup<Sighting>;
}

/** Groups sightings for an answer. None at all is `{}`, never an empty group (relay-protocol 0.4). */
export function entityMap(docs: readonly Sighting[]): EntityMap {
  return docs.length === 0 ? {} : { sightings: { count: docs.length, docs } };
}
