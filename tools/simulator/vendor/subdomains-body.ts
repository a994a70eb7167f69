import { between, drawFor, hash } from '../world/hash.js';
import { NAMED_HOSTS } from '../world/named-hosts.js';

// The cap of the recorded years (securitytrails-api 2.3).
const CAP = 2000;
const CAPPED_HOST = 'long.example.com';
const LABELS = (
  'admin api app blog cdn dev docs ftp git help images intranet login mail mx ' +
  'news ns1 ns2 portal shop smtp static status test vpn webmail www www.dev'
).split(' ');

/** The labels below a host, relative to it, sorted. */
export function subdomainsOf(seed: number, host: string): readonly string[] {
  if (host === CAPPED_HOST) {
    return Array.from({ length: CAP }, (_, at) => `node-${String(at).padStart(4, '0')}`);
  }
  const named = NAMED_HOSTS.filter((known) => known.host.endsWith(`.${host}`));
  const wanted = between(0, LABELS.length, drawFor(seed, host)('subdomains'));
  const drawn = LABELS.filter((label) => hash(seed, host, label) % LABELS.length < wanted);
  const relative = named.map((known) => known.host.slice(0, -host.length - 1));
  return [...new Set([...drawn, ...relative])].sort();
}

/** What `GET /domain/{h}/subdomains` answers. */
export function subdomainsBody(host: string, subdomains: readonly string[]): object {
  return {
    subdomains,
    subdomain_count: subdomains.length,
    meta: { limit_reached: subdomains.length >= CAP },
    endpoint: `/v1/domain/${host}/subdomains`,
  };
}
