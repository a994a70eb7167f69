import type { DataTable } from './data-table.js';
import type { Observable } from './observable.js';
import type { ObservedRelation } from './relation.js';
import { clip, LIMITS } from './text.js';
import type { ObservedTime } from './time.js';
import { isWebUri } from './uri.js';
import type { Confidence, Severity, TlpColour } from './vocabulary.js';

/** The version of CTIM whose rules our documents follow (ctim 1). */
export const CTIM_SCHEMA_VERSION = '1.3.28';

/** Fewer than one was never seen; more than a Java int nobody counted. */
export const COUNT_RANGE = { least: 1, most: 2_147_483_647 } as const;

/** A pointer to something outside CTIM (relay-protocol 4.3). */
export interface ExternalReference {
  readonly source_name: string;
  readonly url?: string;
  readonly description?: string;
  readonly external_id?: string;
  readonly hashes?: readonly string[];
}

/** Which device saw it: a word of the open sensor list and what identifies the device (ctim 4). */
export interface SensorCoordinates {
  readonly type: string;
  readonly observables: readonly Observable[];
  readonly os?: string;
}

/** One of the customer's own machines that saw or suffered it (ctim 4). */
export interface SightingTarget extends SensorCoordinates {
  readonly observed_time: ObservedTime;
}

/**
 * CTIM's Sighting, every key of it (ctim 2). The map is closed, and no key may be null. Texts are
 * limited in UTF-16 units: title and language 1024, short_description, source and URIs 2048,
 * description 5000.
 */
export interface Sighting {
  readonly type: 'sighting';
  readonly schema_version: string;
  /** `transient:sighting-<uuid>`: CTIA gives a lasting one when it stores the document. */
  readonly id: string;
  readonly observed_time: ObservedTime;
  readonly confidence: Confidence;
  /** How often seen within observed_time; an integer >= 0. */
  readonly count: number;
  readonly revision?: number;
  readonly external_ids?: readonly string[];
  readonly external_references?: readonly ExternalReference[];
  readonly timestamp?: string;
  readonly language?: string;
  readonly tlp?: TlpColour;
  readonly title?: string;
  /** Markdown. */
  readonly description?: string;
  readonly short_description?: string;
  readonly source?: string;
  readonly source_uri?: string;
  readonly observables?: readonly Observable[];
  readonly relations?: readonly ObservedRelation[];
  readonly data?: DataTable;
  readonly context?: Readonly<Record<string, readonly unknown[]>>;
  readonly targets?: readonly SightingTarget[];
  readonly sensor?: string;
  readonly sensor_coordinates?: SensorCoordinates;
  readonly severity?: Severity;
  readonly resolution?: string;
  readonly internal?: boolean;
  readonly activity_interval?: ObservedTime;
  readonly detection_interval?: ObservedTime;
  readonly modification_interval?: ObservedTime;
}

/** What differs from one of our sightings to the next; undefined leaves the key out. */
export interface SightingInput {
  readonly id: string;
  readonly observed_time: ObservedTime;
  readonly count: number;
  readonly observables: readonly Observable[];
  readonly relations?: readonly ObservedRelation[] | undefined;
  readonly data?: DataTable | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly source_uri?: string | undefined;
  readonly external_ids?: readonly string[] | undefined;
  readonly short_description?: string | undefined;
}

/**
 * A sighting of ours (relay-protocol 3.2). Texts are cut to CTIM's limits; a source_uri that is no
 * web address within its limit is left out, for a cut link leads elsewhere; the count is brought
 * into `COUNT_RANGE`.
 *
 * Contract: the keys always come in this order, and `short_description` is the last one when it is
 * there, so that a caller may render a sighting without it once and splice it into those bytes
 * before the closing brace.
 */
export function buildSighting(input: SightingInput): Sighting {
  const { data, description, relations, short_description, source_uri, external_ids } = input;
  return {
    type: 'sighting',
    schema_version: CTIM_SCHEMA_VERSION,
    id: input.id,
    source: 'SecurityTrails',
    title: clip(input.title ?? 'Found in SecurityTrails', LIMITS.short),
    confidence: 'High',
    internal: false,
    count: wholeCount(input.count),
    observables: input.observables,
    observed_time: input.observed_time,
    ...(description !== undefined && { description: clip(description, LIMITS.long) }),
    ...(source_uri !== undefined && isWebUri(source_uri) && { source_uri }),
    ...(external_ids && { external_ids }),
    ...(relations && { relations }),
    ...(data && { data }),
    ...(short_description !== undefined && {
      short_description: clip(short_description, LIMITS.medium),
    }),
  };
}

function wholeCount(count: number): number {
  const { least, most } = COUNT_RANGE;
  return Number.isNaN(count) ? least : Math.min(Math.max(Math.trunc(count), least), most);
}
