import type { Sighting } from '#ctim';

import type { Drawing, EnrichmentSource } from './enrichment-source.port.js';
import { itemsOf } from './paged/pages.js';
import type { Pages } from './paged/pages.js';
import type { Question } from './question.js';

/**
 * Depths whose sightings are kept. Callers choose their depth, and the memory tier counts an entry's
 * bytes once, when it is remembered: without a limit an entry could grow to a hundred times that.
 */
const MOST_DRAWN = 4;

/** A sighting as bytes, open at its end: a caller adds its short description and the brace. */
export type Drawn = Buffer | null;

/** What decides the bytes of a sighting besides the pages themselves. */
export interface Wish {
  readonly given: Drawing<unknown>['given'];
  readonly depth: number;
  readonly occurrence: number;
  readonly queriedAt: number | undefined;
}

export interface AnswerParts {
  readonly source: EnrichmentSource;
  readonly question: Question;
  readonly fetchedAt: number;
  readonly pages: Pages<unknown> | StoredPages;
  readonly drawn?: ReadonlyMap<number, Drawn>;
}

/** Pages as they lie in the store: what is served from its sightings never parses the items. */
export interface StoredPages {
  readonly summary: PagesSummary;
  /** JSON array. */
  readonly itemsJson: string;
}

/** The pages without their items. */
export type PagesSummary = Omit<Pages<unknown>, 'items'>;

/**
 * What is held for one question: the pages, and the sightings drawn from them so far. A sighting
 * for the canonical spelling is drawn once a depth and served as bytes from then on.
 */
export class Answer {
  readonly question: Question;
  readonly fetchedAt: number;
  readonly #source: EnrichmentSource;
  readonly #drawn: Map<number, Drawn>;
  #pages: Pages<unknown> | StoredPages;

  constructor(parts: AnswerParts) {
    this.#source = parts.source;
    this.question = parts.question;
    this.fetchedAt = parts.fetchedAt;
    this.#pages = parts.pages;
    this.#drawn = new Map(parts.drawn);
  }

  get pages(): Pages<unknown> {
    if ('itemsJson' in this.#pages) {
      const { summary, itemsJson } = this.#pages;
      this.#pages = { ...summary, items: JSON.parse(itemsJson) as unknown[] };
    }
    return this.#pages;
  }

  get summary(): PagesSummary {
    return 'itemsJson' in this.#pages ? this.#pages.summary : this.#pages;
  }

  get drawn(): ReadonlyMap<number, Drawn> {
    return this.#drawn;
  }

  /** The source whose question this answers. */
  get source(): EnrichmentSource {
    return this.#source;
  }

  /** Pages that an answer of this depth is made of. */
  used(depth: number): number {
    return Math.min(depth, this.summary.sizes.length);
  }

  /** The bytes of the sighting; null when there is nothing to see. */
  draw(wish: Wish): Drawn {
    const { value } = this.question.observable;
    const usual =
      wish.given.value === value && wish.occurrence === 1 && wish.queriedAt === undefined;
    if (!usual) {
      return this.#drawNow(wish);
    }
    const used = this.used(wish.depth);
    let drawn = this.#drawn.get(used);
    if (drawn === undefined) {
      drawn = this.#drawNow(wish);
      if (this.#drawn.size < MOST_DRAWN) {
        this.#drawn.set(used, drawn);
      }
    }
    return drawn;
  }

  #drawNow({ given, depth, occurrence, queriedAt }: Wish): Drawn {
    const { pages } = this;
    const sighting = this.#source.draw({
      question: this.question,
      given: { type: given.type, value: given.value },
      items: itemsOf(pages, depth),
      pages,
      fetchedAt: this.fetchedAt,
      queriedAt,
      occurrence,
    });
    return sighting === undefined ? null : openEnded(sighting);
  }
}

/** The document's JSON without its closing brace (the short description goes last, see ctim). */
function openEnded(sighting: Sighting): Buffer {
  return Buffer.from(JSON.stringify(sighting).slice(0, -1));
}
