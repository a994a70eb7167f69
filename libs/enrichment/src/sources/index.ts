import type { EnrichmentSource } from '../enrichment-source.port.js';
import { DnsHistorySource } from './dns-history/dns-history.source.js';
import { ReverseIpSource } from './reverse-ip/reverse-ip.source.js';
import type { SourceParts } from './source-parts.js';

/** The list: a new source is a folder beside the others and one line here. */
const SOURCES: Readonly<Record<string, (parts: SourceParts) => EnrichmentSource>> = {
  'dns-history': (parts) => new DnsHistorySource(parts),
  'reverse-ip': (parts) => new ReverseIpSource(parts),
};

/**
 * The sources of these names, in their order.
 *
 * @throws RangeError naming an unknown one and those that exist.
 */
export function enrichmentSources(
  names: readonly string[],
  parts: SourceParts,
): readonly EnrichmentSource[] {
  return names.map((name) => {
    const create = SOURCES[name];
    if (create === undefined) {
      throw new RangeError(`No source "${name}"; there are ${Object.keys(SOURCES).join(', ')}`);
    }
    return create(parts);
  });
}
