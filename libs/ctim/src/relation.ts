import type { Observable } from './observable.js';

/**
 * The relations a source of DNS facts can state, from CTIM's open list of 138 (ctim 3). Read them as
 * "source RELATION related": `Resolved_To` always runs from a name to an address.
 */
export const OBSERVABLE_RELATIONS = [
  'Resolved_To',
  'Sub-domain_Of',
  'Supra-domain_Of',
  'Root_Domain_Of',
  'FQDN_Of',
  'Redirects_To',
  'Contains',
  'Contained_Within',
  'Related_To',
] as const;
export type ObservableRelation = (typeof OBSERVABLE_RELATIONS)[number];

/**
 * One fact about a relation. A key keeps the type of its value for ever: CTIA indexes these maps
 * dynamically, and the first document fixes a key's type (ctim 3).
 */
export type RelationInfoValue = string | number | boolean | readonly string[];

/** A relation inside a sighting (ctim 3): who says so, and what relates to what. */
export interface ObservedRelation {
  readonly origin: string;
  /** 1 to 2048 characters that java.net.URI accepts. */
  readonly origin_uri?: string;
  readonly relation: ObservableRelation;
  readonly source: Observable;
  readonly related: Observable;
  readonly relation_info?: Readonly<Record<string, RelationInfoValue>>;
}
