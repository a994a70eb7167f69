const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TRANSIENT = /^transient:.*$/;
/** Where CTIA keeps a document: the type stands twice, in the path and before the UUID. */
const LASTING = new RegExp(
  `^https?://[A-Za-z0-9.-]+(?::\\d+)?(?:/[^\\s?#]*)?/ctia/([a-z-]+)/\\1-${UUID}$`,
);
const OF_A_SIGHTING = new RegExp(`(?:^transient:|/ctia/sighting/)sighting-${UUID}$`);

/** The id of a sighting that is not stored yet (ctim 2); takes a UUID in lower case. */
export function transientId(uuid: string): string {
  return `transient:sighting-${uuid}`;
}

/** Whether CTIM takes the text for an id: transient and of one line, or a document's address (ctim 2). */
export function isId(text: string): boolean {
  return TRANSIENT.test(text) || LASTING.test(text);
}

/** Whether an id names a sighting by a UUID, as other relays had to learn (relay-protocol 4.3). */
export function isSightingId(text: string): boolean {
  return OF_A_SIGHTING.test(text);
}
