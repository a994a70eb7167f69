import type { Server, ServerOptions } from 'node:http';

/** How long a client may take for its headers; an honest one needs one round trip. */
const HEADERS_TIMEOUT_MS = 5_000;
/** Headers and body; ours are at most a few hundred kilobytes. Does not limit the answer. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than a load balancer's idle time (60 s as a rule), so that the balancer closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Lets long-lived connections move to other instances now and then. */
const MAX_REQUESTS_PER_SOCKET = 1_000;
/** Node looks for overdue sockets every 30 s by default, which makes 5 s mean 35 s. */
const CONNECTIONS_CHECKING_INTERVAL_MS = 1_000;

/**
 * For `http.createServer`. The checking interval is accepted here only, which is why a server that
 * was made without these options cannot be fully tuned afterwards. `maxHeaderSize` stays at Node's
 * 16 KiB: a token is at most a few kilobytes.
 */
export const SERVER_OPTIONS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: CONNECTIONS_CHECKING_INTERVAL_MS,
} as const satisfies ServerOptions;

/** Sets what a live server can still take, and what only a live one takes. */
export function tuneServer<S extends Server>(server: S): S {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  return server;
}
