/** The calls this client makes, by a stable name for gates, metrics and errors. */
export type EndpointName = 'ping' | 'usage' | 'history' | 'domain' | 'subdomains' | 'domains_list';
