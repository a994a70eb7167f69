import type { Ask } from '../caller.js';
import { pathOf } from '../safe-path.js';
import type { DomainsListPage } from '../schemas/domains-list.schema.js';
import { domainsListPageOf } from '../schemas/domains-list.schema.js';

/** The address to look for; one of the two. */
export type AddressFilter = { readonly ipv4: string } | { readonly ipv6: string };

const path = pathOf('domains_list');

/** `domains/list`: which names point at an address now. Each page costs one query. */
export class DomainsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * One page, counted from 1.
   *
   * @throws SecurityTrailsError
   */
  async list(filter: AddressFilter, page: number): Promise<DomainsListPage> {
    return this.#ask(
      {
        endpoint: 'domains_list',
        path: path`domains/list?page=${String(page)}`,
        json: { filter },
      },
      (json) => domainsListPageOf(json, page),
    );
  }
}
