import type { HistoryWatch, KnownHistory } from '#changes';
import type { ObservableReader, WatchedObservable, Watchlist } from '#watch';

import { activeLists, shortestInterval } from './active-lists.js';
import { DEPLOYMENT } from './deployment.js';
import { payersOf } from './payers.js';
import { appetiteOf, monthlyCalls } from './plan-rules.js';
import { rests } from './resting.js';
import { measuredShare } from './resting-share.js';
import type { Seen, Share } from './resting-share.js';

/**
 * By what it is told how many names have no AAAA records, and so are asked for these monthly only.
 * `measured`: by the names fetched so far, or no name is in question; `assumed`: none is fetched yet,
 * so that figures are for the worst case, in which all have them.
 */
export type PlanBasis = 'measured' | 'assumed';

/** What refreshes cost a month as the lists are now, told from samples of them. */
export interface Survey {
  readonly callsPerMonth: number;
  /** By the list that pays, its budget being the most. */
  readonly byList: ReadonlyMap<string, number>;
  /** How many AAAA histories rest of those that are held. */
  readonly restingShare: Share;
  readonly basis: PlanBasis;
}

export interface SurveyParts {
  readonly reader: ObservableReader;
  readonly histories: Pick<HistoryWatch, 'known'>;
}

/** How many observables are looked at; a list that has no more is told exactly. */
interface SampleSize {
  readonly ofAList: number;
  /** Over all lists, as far as {@link LEAST_OF_A_LIST} allows. */
  readonly inAll: number;
}

const LEAST_OF_A_LIST = 20;
const USUAL_SAMPLE: SampleSize = { ofAList: 300, inAll: 12_000 };

interface Sampled {
  readonly list: Watchlist;
  /** Observables of the list for each one looked at. */
  readonly weight: number;
  readonly observables: readonly Looked[];
}

interface Looked {
  readonly one: WatchedObservable;
  readonly payer: string | undefined;
  /** Milliseconds between two refreshes; Infinity when there are none. */
  readonly intervalMs: number;
  /** Whether its AAAA question rests; undefined when that is not known. */
  readonly rests: boolean | undefined;
}

export async function survey(
  parts: SurveyParts,
  lists: readonly Watchlist[],
  sample: SampleSize = USUAL_SAMPLE,
): Promise<Survey> {
  const enabled = lists.filter(({ enabled }) => enabled);
  const most = Math.floor(sample.inAll / Math.max(1, enabled.length));
  const size = Math.min(sample.ofAList, Math.max(LEAST_OF_A_LIST, most));
  const sampled: Sampled[] = [];
  for (const list of enabled) {
    sampled.push(await sampleOf(parts, { list, size, lists }));
  }
  const restingShare = restingShareOf(sampled);
  const byList = new Map(sampled.map((one) => [one.list.id, listCalls(one, restingShare.likely)]));
  return {
    callsPerMonth: [...byList.values()].reduce((sum, calls) => sum + calls, 0),
    byList,
    restingShare,
    basis: restingShare.measuredBy === 0 && hasNames(sampled) ? 'assumed' : 'measured',
  };
}

async function sampleOf(
  { reader, histories }: SurveyParts,
  about: {
    readonly list: Watchlist;
    readonly size: number;
    readonly lists: readonly Watchlist[];
  },
): Promise<Sampled> {
  const { list, size } = about;
  const [total, sample] = await Promise.all([reader.count(list), reader.sample(list, size)]);
  const byId = new Map(about.lists.map((one) => [one.id, one]));
  const places = await reader.watchedBy(sample.map(({ observable }) => observable));
  const known = await Promise.all(
    sample.map(async ({ observable }) =>
      observable.type === 'domain'
        ? histories.known({ tenant: DEPLOYMENT, observable, recordType: 'AAAA' })
        : undefined,
    ),
  );
  const observables = sample.map((one, index) => {
    const active = activeLists(places[index] ?? [], byId);
    return {
      one,
      payer: payersOf(active)[0]?.watchlistId,
      intervalMs: shortestInterval(active),
      rests: restsIfKnown(known[index]),
    };
  });
  return { list, weight: sample.length === 0 ? 0 : total / sample.length, observables };
}

function restsIfKnown(history: KnownHistory | undefined): boolean | undefined {
  return history && rests(history);
}

function restingShareOf(sampled: readonly Sampled[]): Share {
  return measuredShare(
    sampled.flatMap(({ observables, weight }) =>
      observables.flatMap(({ rests }): readonly Seen[] =>
        rests === undefined ? [] : [{ holds: rests, weight }],
      ),
    ),
  );
}

function hasNames(sampled: readonly Sampled[]): boolean {
  return sampled.some(({ observables }) =>
    observables.some(({ one }) => one.observable.type === 'domain'),
  );
}

/** What a list pays a month: for observables that several lists watch, only the first of them does. */
function listCalls({ list, weight, observables }: Sampled, restingShare: number): number {
  const calls = observables
    .filter(({ payer }) => payer === list.id)
    .map(({ one, intervalMs, rests }) => {
      const share = rests === undefined ? restingShare : Number(rests);
      return monthlyCalls(appetiteOf(one.observable.type, share), intervalMs);
    })
    .reduce((sum, one) => sum + one, 0);
  return Math.min(calls * weight, list.monthlyCallBudget ?? Infinity);
}
