import type { Sighting } from '#ctim';
import type { CanonicalObservable } from '#observables';
import type { HistoryInterval, HistoryPage } from '#securitytrails';

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
import { drawDnsHistory } from './dns-history.mapper.js';
import { intervalKey, olderIntervals } from './interval.js';
import type { Interval } from './interval.js';

/** The record types that say which addresses a name had, in the order of the sightings. */
const RECORD_TYPES = ['a', 'aaaa'] as const;

/** Domain → addresses over time: two questions a name (securitytrails-api 2.1). */
export class DnsHistorySource implements EnrichmentSource<Interval> {
  readonly name = 'dns-history';
  readonly #parts: SourceParts;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  questions(observable: CanonicalObservable): readonly Question[] {
    return observable.type === 'domain'
      ? RECORD_TYPES.map((recordType) => question(recordType, observable))
      : [];
  }

  reader(asked: Question, caller: Caller, lane: AskLane): PageReader<Interval> {
    const recordType = asked.kind === 'aaaa' ? 'aaaa' : 'a';
    return {
      read: (page) =>
        this.#parts.upstream.ask({ caller, lane, observable: asked.observable }, async (session) =>
          pageOf(await session.history.page(asked.observable.value, recordType, page)),
        ),
      key: intervalKey,
      older: olderIntervals,
      chase: true,
    };
  }

  recordType({ kind }: Question): AddressRecordType {
    return kind === 'aaaa' ? 'AAAA' : 'A';
  }

  intervals(items: readonly Interval[]): readonly RecordInterval[] {
    return items;
  }

  draw(drawing: Drawing<Interval>): Sighting | undefined {
    return drawDnsHistory(drawing, referUrl(this.#parts.uiUrl, drawing.given));
  }
}

function pageOf(page: HistoryPage): Page<Interval> {
  return {
    items: page.intervals.map(intervalOf),
    total: page.pages,
    reachable: page.pages,
    more: page.more,
  };
}

function intervalOf({ firstSeen, lastSeen, values, organizations }: HistoryInterval): Interval {
  return {
    first: firstSeen,
    last: lastSeen,
    values: values.map(({ value }) => value),
    orgs: organizations,
  };
}
