import { NothingKnownAnswer } from '../nothing-known.js';
import type { Problem } from '../problem.js';
import { problemOf } from '../problem.js';
import { append, ended, reaches, rejoin } from './pages.js';
import type { Page, Pages } from './pages.js';

/** How one source reads pages and recognises what it has seen before. */
export interface PageReader<T> {
  /** Reads one page; pages count from 1. */
  read(page: number): Promise<Page<T>>;
  /** Two items with one key are the same item. */
  key(item: T): string;
  /**
   * The held items that follow the newly read head, when the two join without a gap; undefined when
   * there may be something unknown between them.
   */
  older(head: readonly T[], held: readonly T[]): readonly T[] | undefined;
  /** Whether a head that does not join is followed into further pages. */
  readonly chase: boolean;
}

export interface Read<T> {
  readonly pages: Pages<T>;
  /** What kept later pages from being read; the earlier ones are kept. */
  readonly problem?: Problem;
}

/** Reads the pages that are missing up to a depth. @throws when not even one page is there. */
export async function deepen<T>(
  reader: PageReader<T>,
  held: Pages<T> | undefined,
  depth: number,
): Promise<Read<T>> {
  let pages = held ?? append(undefined, await reader.read(1), (item) => reader.key(item));
  while (!reaches(pages, depth)) {
    try {
      const next = await readLater(reader, pages.sizes.length + 1);
      pages = next === undefined ? ended(pages) : append(pages, next, (item) => reader.key(item));
    } catch (error) {
      return { pages, problem: problemOf(error) };
    }
  }
  return { pages };
}

/**
 * Reads page 1 and, when it joins what is held, nothing more: history grows at its head only
 * (securitytrails-api 0.2). Otherwise reads on, at most as deep as was held.
 *
 * @throws when a page cannot be read: what is held is more than what could be put in its place.
 */
export async function refresh<T>(reader: PageReader<T>, held: Pages<T>): Promise<Pages<T>> {
  let head = append(undefined, await reader.read(1), (item) => reader.key(item));
  for (;;) {
    const older = head.complete ? undefined : reader.older(head.items, held.items);
    if (older !== undefined) {
      return rejoin(head, older, held);
    }
    if (!reader.chase || reaches(head, held.sizes.length)) {
      return head;
    }
    const next = await readLater(reader, head.sizes.length + 1);
    head = next === undefined ? ended(head) : append(head, next, (item) => reader.key(item));
  }
}

/** Reads up to a depth with page 1 as it is now: what is held saves what it still can. */
export async function renew<T>(
  reader: PageReader<T>,
  held: Pages<T> | undefined,
  depth: number,
): Promise<Read<T>> {
  const head = held === undefined ? undefined : await refresh(reader, held);
  return deepen(reader, head, depth);
}

/** A page after the first one; undefined when "nothing known" says that there is no such page. */
async function readLater<T>(reader: PageReader<T>, page: number): Promise<Page<T> | undefined> {
  try {
    return await reader.read(page);
  } catch (error) {
    if (error instanceof NothingKnownAnswer) {
      return undefined;
    }
    throw error;
  }
}
