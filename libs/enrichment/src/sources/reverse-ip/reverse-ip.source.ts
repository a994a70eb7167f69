import type { Sighting } from '#ctim';
import type { CanonicalObservable } from '#observables';
import type { DomainsListPage } from '#securitytrails';

import type {
  AddressRecordType,
  AskLane,
  Caller,
  Drawing,
  EnrichmentSource,
  RecordInterval,
} from '../../enrichment-source.port.js';
import type { PageReader } from '../../paged/paged-reader.js';
import type { Page } from '../../paged/pages.js';
import { question } from '../../question.js';
import type { Question } from '../../question.js';
import { referUrl } from '../../refer.js';
import type { SourceParts } from '../source-parts.js';
import { drawReverseIp } from './reverse-ip.mapper.js';
import type { Host } from './reverse-ip.mapper.js';

/** Address → names that point to it now: one question an address (securitytrails-api 2.5). */
export class ReverseIpSource implements EnrichmentSource<Host> {
  readonly name = 'reverse-ip';
  readonly #parts: SourceParts;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  questions(observable: CanonicalObservable): readonly Question[] {
    return observable.type === 'domain' ? [] : [question('list', observable)];
  }

  reader({ observable }: Question, caller: Caller, lane: AskLane): PageReader<Host> {
    const filter =
      observable.type === 'ipv6' ? { ipv6: observable.value } : { ipv4: observable.value };
    return {
      read: (page) =>
        this.#parts.upstream.ask({ caller, lane, observable }, async (session) =>
          pageOf(await session.domains.list(filter, page)),
        ),
      key: (host) => host.name,
      older: olderHosts,
      // The list is current DNS, not history: what does not join has changed as a whole.
      chase: false,
    };
  }

  recordType({ observable }: Question): AddressRecordType {
    return observable.type === 'ipv6' ? 'AAAA' : 'A';
  }

  /** The list says what is so now, not since when. */
  intervals(hosts: readonly Host[]): readonly RecordInterval[] {
    return hosts.map(({ name, orgs }) => ({ first: null, last: null, values: [name], orgs }));
  }

  draw(drawing: Drawing<Host>): Sighting | undefined {
    return drawReverseIp(drawing, referUrl(this.#parts.uiUrl, drawing.given));
  }
}

/** Later pages are kept only while the first one has not changed at all. */
function olderHosts(head: readonly Host[], held: readonly Host[]): readonly Host[] | undefined {
  return head.every(({ name }, index) => held[index]?.name === name)
    ? held.slice(head.length)
    : undefined;
}

function pageOf(page: DomainsListPage): Page<Host> {
  return {
    items: page.hosts.map(({ hostname, hostProviders }) => ({
      name: hostname,
      orgs: hostProviders,
    })),
    total: page.totalPages,
    reachable: page.maxPage,
    more: page.hosts.length > 0 && page.page < page.maxPage,
    recordCount: page.recordCount,
  };
}
