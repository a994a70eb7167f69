/** Where a served answer comes from, for the sighting's short description. */
export interface Provenance {
  readonly fromCache: boolean;
  readonly stale: boolean;
  readonly ageMs: number;
  readonly pagesUsed: number;
  readonly pagesTotal: number;
  readonly upstreamCalls: number;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** For people: "from cache, 3 h old, pages 1 of 5, 0 upstream calls". */
export function provenanceText(from: Provenance): string {
  const origin = originText(from);
  const refreshing = from.stale ? ', being refreshed' : '';
  const pages = `${from.pagesUsed === 1 ? 'pages 1' : `pages 1-${from.pagesUsed}`} of ${from.pagesTotal}`;
  const calls = `${from.upstreamCalls} upstream ${from.upstreamCalls === 1 ? 'call' : 'calls'}`;
  return `${origin}${refreshing}, ${pages}, ${calls}`;
}

function originText({ fromCache, ageMs, pagesUsed, upstreamCalls }: Provenance): string {
  if (fromCache) {
    return `from cache, ${ageText(ageMs)} old`;
  }
  // A call a page: where there were fewer calls, the cache had the other pages.
  return pagesUsed > upstreamCalls
    ? `from cache and SecurityTrails, ${ageText(ageMs)} old`
    : 'from SecurityTrails, just now';
}

function ageText(ageMs: number): string {
  for (const [unit, ms] of UNITS) {
    if (ageMs >= ms) {
      return `${Math.floor(ageMs / ms)} ${unit}`;
    }
  }
  return '0 s';
}
