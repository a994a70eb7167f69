import { isIPv4 } from 'node:net';

import { z } from 'zod';

import { canonicalAddress } from '../world/address.js';
import { between, hash, pick } from '../world/hash.js';
import type { HostList, ListedHost } from '../world/host-list.js';
import { HOSTERS, ownerOfAddress } from '../world/hosters.js';
import { PAGE_SIZE } from './history-body.js';

// Rows beyond 10,000 are counted but not given (securitytrails-api 2.5).
const MAX_PAGE = 100;

/** The address a list request asks about. */
export interface AskedAddress {
  readonly family: 'ipv4' | 'ipv6';
  /** As it was asked: the answer repeats it. */
  readonly asked: string;
  /** As the world knows it (IPv6 in the form of RFC 5952). */
  readonly canonical: string;
}

const requestSchema = z.union([
  z.object({ filter: z.object({ ipv4: z.string() }) }).transform(({ filter }) => filter.ipv4),
  z.object({ filter: z.object({ ipv6: z.string() }) }).transform(({ filter }) => filter.ipv6),
  z
    .object({ query: z.string().regex(/^ipv[46] = '[^']*'$/) })
    .transform(({ query }) => query.slice("ipv4 = '".length, -1)),
]);

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the request's body: a filter or a query by one address; `undefined` for anything else. */
export function readListRequest(text: string): AskedAddress | undefined {
  const read = requestSchema.safeParse(parsedJson(text));
  if (!read.success) {
    return undefined;
  }
  const asked = read.data;
  const canonical = canonicalAddress(asked);
  return canonical === undefined
    ? undefined
    : { family: isIPv4(canonical) ? 'ipv4' : 'ipv6', asked, canonical };
}

function whoisOf(hostname: string): object {
  const draw = hash('whois', hostname);
  // Two of three rows were recorded without any date.
  if (draw % 3 !== 0) {
    return { registrar: null, expiresDate: null, createdDate: null };
  }
  const createdDate = Date.UTC(between(2001, 2024, draw), draw % 12, between(1, 28, draw >>> 8));
  const years = between(1, 25, draw >>> 4);
  return {
    registrar: 'Example Registrar Inc.',
    expiresDate: createdDate + years * 31_536_000_000,
    createdDate,
  };
}

function recordOf({ hostname, rank }: ListedHost, provider: string): object {
  return {
    whois: whoisOf(hostname),
    mail_provider: hash('mail', hostname) % 4 === 0 ? [provider] : [],
    hostname,
    host_provider: [provider],
    computed: { company_name: null },
    alexa_rank: rank,
  };
}

/** One page of `POST /domains/list` by address; past the end: the same envelope without records. */
export function listBody(address: AskedAddress, page: number, hosts: HostList): object {
  const totalPages = Math.ceil(hosts.count / PAGE_SIZE);
  const maxPage = Math.min(totalPages, MAX_PAGE);
  const owner = ownerOfAddress(address.canonical) ?? pick(HOSTERS, hash(address.canonical));
  const onPage = page > maxPage ? [] : hosts.slice((page - 1) * PAGE_SIZE, PAGE_SIZE);
  return {
    records: onPage.map((host) => recordOf(host, owner.organization)),
    record_count: hosts.count,
    meta: {
      total_pages: totalPages,
      query: `${address.family} = '${address.asked}'`,
      page,
      max_page: maxPage,
    },
    endpoint: '/v1/domains/list',
  };
}
