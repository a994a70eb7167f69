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
  let pages = held;
  while (pages === undefined || !reaches(pages, depth)) {
    try {
      pages = append(pages, await reader.read((pages?.sizes.length ?? 0) + 1), (item) =>
        reader.key(item),
      );
    } catch (error) {
      if (pages === undefined) {
        throw error;
      }
      return afterFailure(pages, error);
    }
  }
  return { pages };
}

/**
 * Reads page 1 and, when it joins what is held, nothing more: history grows at its head only
 * (securitytrails-api 0.2). Otherwise reads on, at most as deep as was held.
 *
 * @throws when page 1 cannot be read: what is held stays as it is.
 */
export async function refresh<T>(reader: PageReader<T>, held: Pages<T>): Promise<Read<T>> {
  let head = append(undefined, await reader.read(1), (item) => reader.key(item));
  for (;;) {
    const older = head.complete ? undefined : reader.older(head.items, held.items);
    if (older !== undefined) {
      return { pages: rejoin(head, older, held) };
    }
    if (!reader.chase || reaches(head, held.sizes.length)) {
      return { pages: head };
    }
    try {
      head = append(head, await reader.read(head.sizes.length + 1), (item) => reader.key(item));
    } catch (error) {
      return afterFailure(head, error);
    }
  }
}

/** Reads up to a depth with page 1 as it is now: what is held saves what it still can. */
export async function renew<T>(
  reader: PageReader<T>,
  held: Pages<T> | undefined,
  depth: number,
): Promise<Read<T>> {
  const head = held === undefined ? undefined : await refresh(reader, held);
  return head?.problem === undefined ? deepen(reader, head?.pages, depth) : head;
}

/** "Nothing known" of a later page means that there is no such page. */
function afterFailure<T>(pages: Pages<T>, error: unknown): Read<T> {
  return error instanceof NothingKnownAnswer
    ? { pages: ended(pages) }
    : { pages, problem: problemOf(error) };
}
