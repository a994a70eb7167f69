import { buildSighting, instant } from '#ctim';
import type { ObservedRelation, Sighting } from '#ctim';
import { canonicalise } from '#observables';

import type { Drawing } from '../../enrichment-source.port.js';
import { sightingId } from '../../sighting-id.js';
import { RELATION_ORIGIN } from '../relation-origin.js';

/** A host name that points to the address now. */
export interface Host {
  readonly name: string;
  readonly orgs: readonly string[];
}

/**
 * The sighting of the names that point to an address (relay-protocol 3.2). Upstream answers from
 * current DNS, so it was seen when it was fetched and carries no first and last day.
 */
export function drawReverseIp(
  drawing: Drawing<Host>,
  sourceUri: string | undefined,
): Sighting | undefined {
  const { question, given, pages } = drawing;
  const hosts = uniqueHosts(drawing.items);
  if (hosts.length === 0) {
    return undefined;
  }
  const at = instant(drawing.queriedAt ?? drawing.fetchedAt);
  const recordType = given.type === 'ipv6' ? 'AAAA' : 'A';
  return buildSighting({
    id: sightingId([
      given.type,
      given.value,
      drawing.occurrence,
      question.kind,
      hosts.map(({ name }) => name),
    ]),
    external_ids: [`securitytrails-reverse-ip-${question.observable.value}`],
    count: pages.recordCount ?? hosts.length,
    observables: [given],
    observed_time: { start_time: at, end_time: at },
    description: `Domains that have resolved to ${given.value}`,
    source_uri: sourceUri,
    relations: hosts.map((host) => relation(host, given, recordType)),
  });
}

/** Sorted by code point, as the contract has it. What cannot be a name is left out. */
function uniqueHosts(items: readonly Host[]): readonly Host[] {
  const byName = new Map<string, Host>();
  for (const { name, orgs } of items) {
    const shown = shownName(name);
    if (shown !== undefined) {
      byName.set(shown, { name: shown, orgs });
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Upstream's spelling, as the contract has it; but ASCII always, or nothing could look it up. */
function shownName(name: string): string | undefined {
  const canonical = canonicalise('domain', name);
  if (canonical === undefined) {
    return undefined;
  }
  return /^[\x21-\x7e]+$/.test(name) ? name : canonical.value;
}

function relation(
  { name, orgs }: Host,
  given: Drawing<Host>['given'],
  recordType: string,
): ObservedRelation {
  return {
    origin: RELATION_ORIGIN,
    relation: 'Resolved_To',
    source: { type: 'domain', value: name },
    related: given,
    relation_info: {
      record_type: recordType,
      ...(orgs.length > 0 && { organizations: orgs }),
    },
  };
}
