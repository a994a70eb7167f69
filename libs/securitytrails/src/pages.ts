import { SecurityTrailsError } from './errors.js';
import type { CountedPage, HistoryPage } from './schemas/history.schema.js';
import { goesOn } from './schemas/history.schema.js';

/** SecurityTrails gives no page past this one. */
const LAST_PAGE = 100;
/** Which pages to read. */
export interface PageRange {
  /** First page; 1 by default. */
  readonly from?: number;
  /** Last page, 100 at most; also where `from` is greater than 1. */
  readonly max: number;
}

/**
 * The pages of a history, as far as there are any (securitytrails-api 2.1). The first one asked for
 * comes as it is; a later one that is empty or refused as unknown is the end, and is not given.
 *
 * @throws whatever else `read` throws; pages given before are good.
 */
export async function* historyPages(
  read: (page: number) => Promise<CountedPage>,
  range: PageRange,
): AsyncGenerator<HistoryPage, void, undefined> {
  const last = Math.min(range.max, LAST_PAGE);
  let hint = 0;
  for (let number = range.from ?? 1; number <= last; number += 1) {
    const found = await (number === 1 ? read(number) : readLater(read, number));
    if (found === undefined) {
      return;
    }
    yield found.page;
    // Hints change between pages and drop to 0; the greatest one seen leaves nothing unread.
    hint = Math.max(hint, found.page.pages);
    if (!goesOn(number, hint, found.recordCount)) {
      return;
    }
  }
}

async function readLater(
  read: (page: number) => Promise<CountedPage>,
  page: number,
): Promise<CountedPage | undefined> {
  try {
    const found = await read(page);
    return found.recordCount === 0 ? undefined : found;
  } catch (cause) {
    if (isPastTheEnd(cause)) {
      return undefined;
    }
    throw cause;
  }
}

function isPastTheEnd(cause: unknown): boolean {
  return (
    cause instanceof SecurityTrailsError &&
    (cause.code === 'not_found' || cause.code === 'invalid_name')
  );
}
