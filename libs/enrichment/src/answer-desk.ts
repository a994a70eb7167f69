import { stateOf } from '#cache';
import type { Cache, Entry, Fetched, Loaded } from '#cache';

import { Answer } from './answer.js';
import type { Caller, EnrichmentSource } from './enrichment-source.port.js';
import { negativeLife, positiveLife } from './lives.js';
import type { LifeSettings } from './lives.js';
import { NothingKnownAnswer } from './nothing-known.js';
import type { NothingKnown } from './nothing-known.js';
import { deepen, renew } from './paged/paged-reader.js';
import type { PageReader, Read } from './paged/paged-reader.js';
import { NONE, reaches } from './paged/pages.js';
import { EnrichmentFailure } from './problem.js';
import type { Question } from './question.js';

/** A question with the source that answers it. */
export interface Asked {
  readonly source: EnrichmentSource;
  readonly question: Question;
}

export interface DeskParts {
  readonly cache: Cache<Answer>;
  readonly lives: LifeSettings;
  readonly clock: () => number;
}

/** A question under way, and what it has cost this caller so far in upstream calls. */
export interface Fetching {
  readonly loaded: Promise<Loaded<Answer>>;
  readonly upstreamCalls: () => number;
}

/** What is wanted of a refresh. */
export interface RefreshWish {
  /** When what is held was fetched, epoch milliseconds; 0 for nothing. A later fetch will do. */
  readonly seenAt: number;
  /** Pages, when nothing is held. */
  readonly depth: number;
  /** Told after each page read: pages so far, and in all. */
  readonly onPage: (fetched: number, total: number) => void;
}

/** Where questions are answered: from the cache, or from their source through the cache. */
export class AnswerDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The cache key: a tenant's answers are its own. */
  static key(tenant: string, { id }: Question): string {
    return `st:cache:1:${tenant}:${id}`;
  }

  /** Whether an entry answers at this depth without asking upstream. */
  static suffices({ value, negative }: Entry<Answer>, depth: number): boolean {
    return negative || reaches(value.summary, depth);
  }

  /**
   * Brings a question's answer to a depth. An answer is as old as its first page, so deeper pages do
   * not lengthen its life, and a stale first page is read anew before them.
   *
   * Rejects with an EnrichmentFailure when there is none at all.
   */
  fetch(asked: Asked, caller: Caller, depth: number): Fetching {
    const { reader, calls } = counted(asked.source.reader(asked.question, caller, 'interactive'));
    const loaded = this.#parts.cache.load(AnswerDesk.key(caller.tenant, asked.question), {
      satisfies: (entry) => AnswerDesk.suffices(entry, depth),
      fetch: async (held) =>
        held !== undefined && stateOf(held, this.#parts.clock()) === 'fresh'
          ? this.#aged(asked, depth, await deepen(reader, held.value.pages, depth), held)
          : this.#bring(asked, depth, () => renew(reader, held?.value.pages, depth)),
    });
    return { loaded, upstreamCalls: calls };
  }

  /**
   * Refreshes what is held unless somebody has done so since `seenAt`. Costs one upstream call when
   * the new head joins the held history.
   *
   * @throws EnrichmentFailure; what is held stays.
   */
  refresh(asked: Asked, caller: Caller, wish: RefreshWish): Promise<Loaded<Answer>> {
    const { reader } = counted(
      asked.source.reader(asked.question, caller, 'background'),
      wish.onPage,
    );
    return this.#parts.cache.load(AnswerDesk.key(caller.tenant, asked.question), {
      satisfies: (entry) => entry.fetchedAt > wish.seenAt,
      fetch: (held) =>
        this.#bring(asked, 1, () =>
          held === undefined || held.negative
            ? deepen(reader, undefined, wish.depth)
            : renew(reader, held.value.pages, 1),
        ),
    });
  }

  /**
   * Keeps "nothing known" for so long without asking: upstream said so at `readAt`, and is not to be
   * asked again yet. Whatever else is held stays.
   */
  async rest(
    asked: Asked,
    { tenant }: Caller,
    { readAt, keepMs }: { readonly readAt: number; readonly keepMs: number },
  ): Promise<void> {
    const until = this.#parts.clock() + keepMs / 2;
    await this.#parts.cache.load(AnswerDesk.key(tenant, asked.question), {
      satisfies: ({ negative, freshUntil }) => !negative || freshUntil > until,
      fetch: () =>
        Promise.resolve({
          value: new Answer({ ...asked, fetchedAt: readAt, pages: NONE }),
          negative: true,
          freshMs: keepMs,
          keepMs,
        }),
    });
  }

  async #bring(
    asked: Asked,
    depth: number,
    read: () => Promise<Read<unknown>>,
  ): Promise<Fetched<Answer>> {
    try {
      return this.#found(asked, depth, await read());
    } catch (error) {
      if (error instanceof NothingKnownAnswer) {
        return this.#nothing(asked, error.reason);
      }
      throw error;
    }
  }

  #found(asked: Asked, depth: number, read: Read<unknown>): Fetched<Answer> {
    return read.pages.items.length === 0 && read.pages.complete
      ? this.#nothing(asked, 'empty')
      : {
          ...this.#drawn(asked, depth, read, this.#parts.clock()),
          ...positiveLife(this.#parts.lives),
        };
  }

  /** What was added to a fresh answer has the age and the life that it had already. */
  #aged(asked: Asked, depth: number, read: Read<unknown>, held: Entry<Answer>): Fetched<Answer> {
    const now = this.#parts.clock();
    return {
      ...this.#drawn(asked, depth, read, held.value.fetchedAt),
      freshMs: Math.max(0, held.freshUntil - now),
      keepMs: Math.max(0, held.keepUntil - now),
    };
  }

  #drawn(
    asked: Asked,
    depth: number,
    { pages, problem }: Read<unknown>,
    fetchedAt: number,
  ): Omit<Fetched<Answer>, 'freshMs' | 'keepMs'> {
    const answer = new Answer({ ...asked, fetchedAt, pages });
    // Drawn before it is stored, so that every process has the bytes that will be asked for.
    answer.draw({
      given: asked.question.observable,
      depth,
      occurrence: 1,
      queriedAt: undefined,
    });
    return {
      value: answer,
      negative: false,
      ...(problem && { problem: new EnrichmentFailure(problem) }),
    };
  }

  #nothing(asked: Asked, reason: NothingKnown): Fetched<Answer> {
    return {
      value: new Answer({ ...asked, fetchedAt: this.#parts.clock(), pages: NONE }),
      negative: true,
      ...negativeLife(this.#parts.lives, reason),
    };
  }
}

/** A reader that counts its reads: pages asked for, whatever came of them. */
function counted(
  reader: PageReader<unknown>,
  onPage: RefreshWish['onPage'] = () => undefined,
): {
  readonly reader: PageReader<unknown>;
  readonly calls: () => number;
} {
  let calls = 0;
  return {
    reader: {
      chase: reader.chase,
      key: (item) => reader.key(item),
      older: (head, held) => reader.older(head, held),
      read: async (page) => {
        calls += 1;
        const read = await reader.read(page);
        onPage(calls, read.reachable);
        return read;
      },
    },
    calls: () => calls,
  };
}
