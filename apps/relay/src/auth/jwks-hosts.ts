import { jwksUrl } from '#platform';

/**
 * The key set addresses that may be asked, by `host[:port]` in lower case. A token only picks one of
 * them, so nothing that a token says ever becomes part of a URL.
 *
 * @throws TypeError for an entry that is not plainly `host[:port]`: no scheme, path, user or final dot.
 */
export function jwksUrls(hosts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(hosts.map((entry) => [entry.toLowerCase(), jwksUrl(entry.toLowerCase())]));
}
