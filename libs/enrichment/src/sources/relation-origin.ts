/** Says who states a relation (relay-protocol 3.2). */
export const RELATION_ORIGIN = 'SecurityTrails Enrichment Module';
