/** Characters of a host and port in their usual form; no `*`, `%`, `@` or blanks. */
const HOST_AND_PORT = /^[a-z0-9.:[\]_-]+$/;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * Where a host of JWKS_HOSTS publishes its keys (relay-protocol 2.2).
 *
 * A loopback host is asked over plain http: that is for development and tests. It takes no safety
 * away, since the operator must list it, and whoever can answer on this machine's loopback is
 * already inside.
 *
 * @param host `host[:port]` in lower case
 * @throws TypeError for anything that is not plainly that: no scheme, path, user or final dot.
 */
export function jwksUrl(host: string): string {
  const base = `https://${host}`;
  const isPlain = HOST_AND_PORT.test(host) && !/\.(?::|$)/.test(host) && URL.canParse(base);
  // A port 443 is the one thing a URL leaves out of what it was given.
  if (!isPlain || new URL(base).origin !== base.replace(/:443$/, '')) {
    throw new TypeError(`jwksHosts must be host[:port], which ${JSON.stringify(host)} is not`);
  }
  const scheme = LOOPBACK.test(host) ? 'http' : 'https';
  return `${scheme}://${host}/.well-known/jwks`;
}
