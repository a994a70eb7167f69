import type { RefreshEnqueuer } from '#jobs';
import type { CanonicalObservable } from '#observables';
import type { MemberService, ObservableReader, Watchlist } from '#watch';

/** What came of an operator's wish: refreshes that it asked for, and those under way already. */
export interface RefreshAsked {
  readonly enqueued: number;
  readonly alreadyQueued: number;
}

export interface RefreshNowParts {
  readonly tenant: string;
  readonly reader: Pick<ObservableReader, 'all' | 'watchedBy'>;
  readonly members: Pick<MemberService, 'expedite'>;
  readonly enqueuer: Pick<RefreshEnqueuer, 'enqueue'>;
  readonly clock: () => number;
}

/** Observables marked in one step. */
const STEP = 500;
const NONE: RefreshAsked = { enqueued: 0, alreadyQueued: 0 };

/** Refreshes because an operator asks for it: before what is scheduled, beyond a list's budget. */
export class RefreshNow {
  readonly #parts: RefreshNowParts;

  constructor(parts: RefreshNowParts) {
    this.#parts = parts;
  }

  /**
   * One observable, watched or not. Of one that is watched, but paused, expired or on disabled lists
   * only, nothing is asked: that costs nothing.
   *
   * @throws when Redis fails.
   */
  async refreshObservable(observable: CanonicalObservable): Promise<RefreshAsked> {
    const { tenant, reader, members, enqueuer, clock } = this.#parts;
    const [places = []] = await reader.watchedBy([observable]);
    if (places.length > 0 && places.every(({ state }) => rests(state))) {
      return NONE;
    }
    // The mark outlives the job, should that be lost.
    await members.expedite([observable]);
    const job = { tenant, observable, cause: 'operator', since: clock() } as const;
    const outcome = await enqueuer.enqueue(job);
    return outcome === 'queued'
      ? { enqueued: 1, alreadyQueued: 0 }
      : { enqueued: 0, alreadyQueued: 1 };
  }

  /**
   * A whole list, but what is paused or has expired: marked in bounded steps, then taken up by the
   * workers as any due work, only before it.
   *
   * @throws when Redis fails, WatchError.
   */
  async refreshWatchlist(list: Watchlist): Promise<RefreshAsked> {
    let asked = NONE;
    let step: CanonicalObservable[] = [];
    for await (const { observable, state } of this.#parts.reader.all(list)) {
      if (state === 'REFRESHING') {
        asked = { ...asked, alreadyQueued: asked.alreadyQueued + 1 };
      } else if (!rests(state)) {
        step.push(observable);
      }
      if (step.length === STEP) {
        asked = await this.#mark(asked, step);
        step = [];
      }
    }
    return this.#mark(asked, step);
  }

  async #mark(asked: RefreshAsked, step: readonly CanonicalObservable[]): Promise<RefreshAsked> {
    const marked = step.length === 0 ? 0 : await this.#parts.members.expedite(step);
    return { ...asked, enqueued: asked.enqueued + marked };
  }
}

function rests(state: string): boolean {
  return state === 'PAUSED' || state === 'EXPIRED';
}
