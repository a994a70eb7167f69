import type { StageOrder } from './stage.js';

/** Who appears in the story; the names are new in each run, so that kept data knows none of them. */
export interface Cast {
  /** Moves to another hoster, and back. */
  readonly shop: string;
  /** Moves, which only an analyst's question brings to light. */
  readonly news: string;
  /** Stays where it is. */
  readonly mail: string;
  /** Its host names come and go: the first stays. */
  readonly address: string;
  readonly hostnames: readonly [string, string, string];
}

/** Addresses of three hosters of the simulated world. */
export const HOMES = [
  { address: '192.0.2.17', hoster: 'Example Hosting Inc.' },
  { address: '192.0.2.140', hoster: 'Example Cloud Ltd.' },
  { address: '198.51.100.140', hoster: 'Placeholder Servers LLC' },
] as const;

const DAY_MS = 86_400_000;

/** @param tag tells this run's names from those of earlier runs */
export function castOf(tag: string): Cast {
  const named = (word: string): string => `${word}-${tag}.example.com`;
  return {
    shop: named('shop'),
    news: named('news'),
    mail: named('mail'),
    address: '198.51.100.53',
    hostnames: [named('wiki'), named('blog'), named('login')],
  };
}

/** What an operator pastes: defanged, with a comment, one value twice and one that is none. */
export function pastedText({ shop, news, mail, address }: Cast): string {
  return [
    '# from the report of this morning',
    `hxxps://${defanged(shop)}/cart?id=7`,
    `${news.replaceAll('.', '(dot)')}   # named in the mail`,
    `billing@${defanged(mail)}, ${shop}.`,
    `${defanged(address)}:443`,
    '300.2.0.192',
  ].join('\n');
}

/**
 * The world before the story: everything has been where it is for a year.
 *
 * @param today the simulated day, `YYYY-MM-DD`
 */
export function opening(
  { shop, news, mail, address, hostnames }: Cast,
  today: string,
): StageOrder[] {
  const first_seen = new Date(Date.parse(today) - 365 * DAY_MS).toISOString().slice(0, 10);
  const settled = [shop, news, mail].flatMap((host) => [
    history(host, 'a', [{ first_seen, values: [HOMES[0].address] }]),
    history(host, 'aaaa', []),
  ]);
  return [...settled, { path: '/_sim/hosts', body: { address, hostnames: hostnames.slice(0, 2) } }];
}

function history(
  host: string,
  type: 'a' | 'aaaa',
  intervals: readonly { readonly first_seen: string; readonly values: readonly string[] }[],
): StageOrder {
  return { path: '/_sim/history', body: { host, type, intervals } };
}

function defanged(value: string): string {
  return value.replaceAll('.', '[.]');
}
