import { InvalidArgumentError } from 'commander';

const SECONDS = { d: 86_400, h: 3_600, m: 60 } as const;

/** `90d`, `12h` or `30m` in seconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,5})([dhm])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new InvalidArgumentError('Give days, hours or minutes, such as 90d, 12h or 30m.');
  }
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}

/** Pages per question: 0 (all) to 100. */
export function parsePages(text: string): number {
  const pages = Number(text);
  if (!/^\d+$/.test(text) || pages > 100) {
    throw new InvalidArgumentError('Give a whole number from 0 (all pages) to 100.');
  }
  return pages;
}

/**
 * The URL of a relay as it is compared with a token's audience: without a trailing slash
 * (relay-protocol 2.2), and without what an audience cannot have.
 */
export function parseRelayUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search + url.hash === '';
  if (url === undefined || !isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('Give an http(s) URL such as https://relay.example.com.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** A host, with or without a port, as JWKS_HOSTS lists them. */
export function parseHost(text: string): string {
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/i.test(text)) {
    throw new InvalidArgumentError('Give a host name only, such as visibility.amp.cisco.com.');
  }
  return text.toLowerCase();
}

/** How many, from 1 to 1000. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > 1_000) {
    throw new InvalidArgumentError('Give a whole number from 1 to 1000.');
  }
  return count;
}
