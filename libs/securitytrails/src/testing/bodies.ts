/** A history body of the API's form with as many one-day intervals as asked for. */
export function historyBody(records: number, pages: number): Record<string, unknown> {
  return {
    type: 'a/ipv4',
    records: Array.from({ length: records }, (_, i) => ({
      values: [{ ip_count: 0, ip: `192.0.2.${i % 250}` }],
      type: 'a',
      organizations: ['Example Hosting Inc.'],
      last_seen: '2025-05-19',
      first_seen: '2021-01-15',
    })),
    pages,
    endpoint: '/v1/history/example.com/dns/a',
  };
}

/** A list body of the API's form that names the given hosts. */
export function listBody(hostnames: readonly string[]): Record<string, unknown> {
  return {
    records: hostnames.map((hostname) => ({
      hostname,
      alexa_rank: null,
      computed: { company_name: null },
      host_provider: ['Example Hosting Inc.'],
      mail_provider: [],
      whois: { registrar: null, createdDate: null, expiresDate: null },
    })),
    record_count: hostnames.length,
    meta: { page: 1, total_pages: 1, max_page: 1, query: "ipv4 = '192.0.2.10'" },
    endpoint: '/v1/domains/list',
  };
}
