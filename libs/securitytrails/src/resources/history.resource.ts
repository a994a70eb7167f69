import type { Ask } from '../caller.js';
import type { PageRange } from '../pages.js';
import { historyPages } from '../pages.js';
import { pathOf } from '../safe-path.js';
import type { RecordType } from '../schemas/dns.schema.js';
import type { CountedPage, HistoryPage } from '../schemas/history.schema.js';
import { historyPageOf } from '../schemas/history.schema.js';

const path = pathOf('history');

/** `history/{name}/dns/{type}`: what a name had, and when. Each page costs one query. */
export class HistoryResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * One page, counted from 1.
   *
   * @throws SecurityTrailsError
   */
  async page(host: string, recordType: RecordType, page: number): Promise<HistoryPage> {
    return (await this.#read(host, recordType, page)).page;
  }

  /**
   * Page after page, each asked for when the one before has been taken, up to page `range.max`.
   *
   * @throws SecurityTrailsError; the pages given before it are good.
   */
  pages(
    host: string,
    recordType: RecordType,
    range: PageRange,
  ): AsyncGenerator<HistoryPage, void, undefined> {
    return historyPages((page) => this.#read(host, recordType, page), range);
  }

  async #read(host: string, recordType: RecordType, page: number): Promise<CountedPage> {
    return this.#ask(
      { endpoint: 'history', path: path`history/${host}/dns/${recordType}?page=${String(page)}` },
      (json) => historyPageOf(json, recordType, page),
    );
  }
}
