import { buildSighting, instant } from '#ctim';
import type { Sighting } from '#ctim';
import type { CanonicalObservable } from '#observables';

import type {
  AddressRecordType,
  AskLane,
  Caller,
  Drawing,
  EnrichmentSource,
  RecordInterval,
} from '../enrichment-source.port.js';
import type { PageReader } from '../paged/paged-reader.js';
import type { Page } from '../paged/pages.js';
import { question } from '../question.js';
import type { Question } from '../question.js';
import { sightingId } from '../sighting-id.js';

/** One read that a source was asked for. */
export interface ScriptedRead {
  readonly id: string;
  readonly page: number;
  readonly lane: AskLane;
  readonly tenant: string;
}

/** A page of plain words. */
export function words(items: readonly string[], rest: Partial<Page<string>> = {}): Page<string> {
  return { items, total: 1, reachable: 1, more: false, ...rest };
}

/** A source of words about names (two questions) and addresses (one); a test says what it answers. */
export class ScriptedSource implements EnrichmentSource<string> {
  readonly name: string;
  readonly reads: ScriptedRead[] = [];
  /** Sightings drawn so far. */
  drawings = 0;
  /** What upstream says to a read; one word by default. */
  script: (read: ScriptedRead) => Page<string> | Promise<Page<string>> = ({ id }) =>
    words([`about ${id}`]);

  constructor(name = 'scripted') {
    this.name = name;
  }

  questions(observable: CanonicalObservable): readonly Question[] {
    const kinds = observable.type === 'domain' ? ['a', 'aaaa'] : ['list'];
    return kinds.map((kind) => question(kind, observable));
  }

  reader({ id }: Question, { tenant }: Caller, lane: AskLane): PageReader<string> {
    return {
      chase: true,
      key: (word) => word,
      older: (head, held) => {
        const at = held.indexOf(head.at(-1) ?? '');
        return at < 0 ? undefined : held.slice(at + 1);
      },
      read: async (page) => {
        const read = { id, page, lane, tenant };
        this.reads.push(read);
        return this.script(read);
      },
    };
  }

  recordType({ kind }: Question): AddressRecordType {
    return kind === 'aaaa' ? 'AAAA' : 'A';
  }

  intervals(items: readonly string[]): readonly RecordInterval[] {
    return items.map((item) => ({ first: null, last: null, values: [item], orgs: [] }));
  }

  draw(drawing: Drawing<string>): Sighting | undefined {
    const { question: asked, given, items, fetchedAt, queriedAt, occurrence } = drawing;
    this.drawings += 1;
    return items.length === 0
      ? undefined
      : buildSighting({
          id: sightingId([asked.id, given.value, occurrence, items]),
          count: items.length,
          observables: [given],
          observed_time: { start_time: instant(queriedAt ?? fetchedAt) },
          description: items.join(', '),
        });
  }
}
