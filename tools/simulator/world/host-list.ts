/** The host names that point to an address, read by position so that a page costs a page. */
export interface HostList {
  readonly count: number;
  /** The names from position `from` (0 is the first), at most `limit`. */
  slice(from: number, limit: number): readonly ListedHost[];
}

/** A name of the list; the few with a rank come first (securitytrails-api 2.5). */
export interface ListedHost {
  readonly hostname: string;
  readonly rank: number | null;
}

/** The list of names given one by one, in this order. */
export function fixedHostList(hostnames: readonly string[]): HostList {
  return {
    count: hostnames.length,
    slice: (from, limit) =>
      hostnames.slice(from, from + limit).map((hostname) => ({ hostname, rank: null })),
  };
}

/** Ranked names first, then `count - ranked` derived ones by position. */
export function derivedHostList(
  ranked: readonly string[],
  count: number,
  nameAt: (index: number) => string,
): HostList {
  const at = (position: number): ListedHost => {
    const first = ranked[position];
    return first === undefined
      ? { hostname: nameAt(position - ranked.length), rank: null }
      : { hostname: first, rank: (position + 1) * 1000 };
  };
  return {
    count,
    slice: (from, limit) =>
      Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, step) =>
        at(from + step),
      ),
  };
}
