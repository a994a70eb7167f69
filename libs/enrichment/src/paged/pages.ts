/** What is held of an upstream answer that comes in pages, newest or first items first. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** How many items each held page has: upstream's pages are not all full. */
  readonly sizes: readonly number[];
  /** Pages that upstream has, as it last said; a hint, and never below what was read. */
  readonly total: number;
  /** Pages that upstream gives out; less than `total` for very long lists. */
  readonly reachable: number;
  /** True when no reachable page is missing. */
  readonly complete: boolean;
  /** Upstream's own count of all items, where it gives one. */
  readonly recordCount?: number;
}

/** One page as a source read it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly reachable: number;
  /** Whether another page is worth asking for. */
  readonly more: boolean;
  readonly recordCount?: number;
}

/** Items of a full upstream page (securitytrails-api 2.0). */
const PAGE_SIZE = 100;

/** Nothing at all, and nothing more to be had: also what "nothing known" leaves behind. */
export const NONE: Pages<never> = { items: [], sizes: [], total: 0, reachable: 0, complete: true };

/** What `depth` pages give, however many are held. */
export function itemsOf<T>(pages: Pages<T>, depth: number): readonly T[] {
  const count = pages.sizes.slice(0, depth).reduce((sum, size) => sum + size, 0);
  return count >= pages.items.length ? pages.items : pages.items.slice(0, count);
}

/** Whether `depth` pages can be answered without asking upstream. */
export function reaches(
  { complete, sizes }: Pick<Pages<unknown>, 'complete' | 'sizes'>,
  depth: number,
): boolean {
  return complete || sizes.length >= depth;
}

/** What is held, now known to be all: the page asked for last was past the end. */
export function ended<T>(held: Pages<T>): Pages<T> {
  return { ...held, complete: true };
}

/** Adds a page read at the end. An item that moved on from the page before is not held twice. */
export function append<T>(
  held: Pages<T> | undefined,
  page: Page<T>,
  key: (item: T) => string,
): Pages<T> {
  if (held !== undefined && page.items.length === 0 && !page.more) {
    return ended(held);
  }
  const known = new Set(held?.items.map(key));
  const added = page.items.filter((item) => !known.has(key(item)));
  return { ...extended(held ?? NONE, added), ...hints(held ?? NONE, page), complete: !page.more };
}

function extended<T>(held: Pages<T>, added: readonly T[]): Pick<Pages<T>, 'items' | 'sizes'> {
  return { items: [...held.items, ...added], sizes: [...held.sizes, added.length] };
}

/** Hints change from page to page; the greatest one leaves nothing unread. The first count holds. */
function hints<T>(
  held: Pages<T>,
  page: Page<T>,
): Pick<Pages<T>, 'total' | 'reachable' | 'recordCount'> {
  const read = held.sizes.length + 1;
  const recordCount = held.recordCount ?? page.recordCount;
  return {
    total: Math.max(page.total, held.total, read),
    reachable: Math.max(page.reachable, held.reachable, read),
    ...(recordCount !== undefined && { recordCount }),
  };
}

/** Puts what a refresh read in front of the older items that it joined. */
export function rejoin<T>(head: Pages<T>, older: readonly T[], held: Pages<T>): Pages<T> {
  const tail = chunks(older.length);
  // A last page that is not full is none to rely on while upstream has more.
  const whole = held.complete || tail.at(-1) === PAGE_SIZE ? tail : tail.slice(0, -1);
  const kept = whole.reduce((sum, size) => sum + size, 0);
  const sizes = [...head.sizes, ...whole];
  return {
    ...head,
    items: [...head.items, ...older.slice(0, kept)],
    sizes,
    // Upstream's hint may be less than what was read.
    total: Math.max(head.total, sizes.length),
    reachable: Math.max(head.reachable, sizes.length),
    complete: held.complete,
  };
}

function chunks(length: number): number[] {
  const full = Array.from({ length: Math.floor(length / PAGE_SIZE) }, () => PAGE_SIZE);
  const rest = length % PAGE_SIZE;
  return rest === 0 ? full : [...full, rest];
}
