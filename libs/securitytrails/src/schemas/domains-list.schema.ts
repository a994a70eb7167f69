import { labelsIn, nameIn } from './dns.schema.js';
import { arrayAt, countAt, countIn, objectAt, stringAt } from './json.schema.js';

/** A name that points at the address asked for, by today's DNS. */
export interface ListedHost {
  hostname: string;
  hostProviders: string[];
}

/** One page of the names that point at an address now; it says nothing of when (2.5). */
export interface DomainsListPage {
  page: number;
  /** All names known, of which a page lists 100 at most. */
  recordCount: number;
  totalPages: number;
  /** The last page upstream will give; never over 100. */
  maxPage: number;
  hosts: ListedHost[];
}

/**
 * Reads a body of `domains/list` (securitytrails-api 2.5). A host name that cannot be one is left
 * out; `meta` may be absent, as one page does not need it, but not null.
 *
 * @throws ShapeMismatch
 */
export function domainsListPageOf(json: unknown, page: number): DomainsListPage {
  const root = objectAt(json, 'body');
  const meta = objectAt(root['meta'] === undefined ? {} : root['meta'], 'meta');
  return {
    page: countIn(meta['page']) ?? page,
    recordCount: countAt(root['record_count'], 'record_count'),
    totalPages: countIn(meta['total_pages']) ?? 0,
    maxPage: countIn(meta['max_page']) ?? 0,
    hosts: arrayAt(root['records'], 'records').flatMap((record, i) =>
      hostsOf(record, `records[${i}]`),
    ),
  };
}

function hostsOf(json: unknown, at: string): ListedHost[] {
  const record = objectAt(json, at);
  const hostname = nameIn(stringAt(record['hostname'], `${at}.hostname`));
  return hostname === undefined
    ? []
    : [{ hostname, hostProviders: labelsIn(record['host_provider']) }];
}
