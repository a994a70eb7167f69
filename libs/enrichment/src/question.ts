import type { CanonicalObservable } from '#observables';

/**
 * One thing asked of a source about one observable: the unit of caching, coalescing and refreshing.
 * What it costs is one upstream call a page.
 */
export interface Question {
  /** `<kind>:<value>`, unique over all sources; ends up in cache keys. */
  readonly id: string;
  /** Short name of what is asked: `a`, `aaaa`, `list`. */
  readonly kind: string;
  readonly observable: CanonicalObservable;
}

export function question(kind: string, observable: CanonicalObservable): Question {
  return { id: `${kind}:${observable.value}`, kind, observable };
}
