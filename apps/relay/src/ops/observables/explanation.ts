import type { Prospect } from '#enrichment';
import type { CanonicalObservable } from '#observables';
import type { WatchedObservable } from '#watch';
import type { Watching } from '#watching';

import type { ExplanationObject } from './observable.object-type.js';

/** What an observe would do now, with what the ledger would say to the calls that it needs. */
export async function explanationOf(
  { ledger, tenant }: Pick<Watching, 'ledger' | 'tenant'>,
  prospect: Prospect,
  about: {
    readonly observable: CanonicalObservable;
    readonly places: readonly WatchedObservable[];
  },
): Promise<ExplanationObject> {
  const { observable, places } = about;
  const steps = [...prospect.steps, refreshStep(places)];
  const order = { tenant, cause: 'OBSERVE', lane: 'interactive', payers: [] } as const;
  const refusal = prospect.wouldServe === 'MISS' ? await ledger.refusal(order) : undefined;
  return refusal === undefined
    ? { ...prospect, observable, steps }
    : {
        observable,
        wouldServe: 'ERROR',
        reason: 'Something is not held, and no call to SecurityTrails is left for it.',
        steps: [...steps, `the ledger refuses: ${refusal.code}`],
        upstreamCalls: 0,
      };
}

function refreshStep(places: readonly WatchedObservable[]): string {
  const next = places.flatMap(({ nextRefreshAt }) => nextRefreshAt ?? []);
  if (places.length === 0) {
    return 'watched by no list';
  }
  return next.length === 0
    ? 'watched, and no refresh is planned'
    : `watched; the next refresh is due at ${new Date(Math.min(...next)).toISOString()}`;
}
