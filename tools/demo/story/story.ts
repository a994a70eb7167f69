import { setTimeout as pause } from 'node:timers/promises';

import type { Watchlist } from '#watch';

import type { WatchingDesk } from '../../cli/watching/watching-desk.js';
import { DemoFailure } from '../demo-failure.js';
import type { DemoPlan } from '../demo-plan.js';
import { simulatorOf, simulatorUrlOf, urlOf } from '../demo-plan.js';
import { callTable } from '../demo-report.js';
import { callsAnswered } from '../simulator-names.js';

import { askAgain, askFirst, freshness, untilStale } from './analyst.js';
import type { Cast } from './cast.js';
import { castOf, opening, pastedText } from './cast.js';
import { chapterOf, SCRIPTED_DAYS } from './chapters.js';
import { atDemoDesk } from './demo-desk.js';
import { demoList, previewImport } from './demo-list.js';
import { fetchFirst } from './first-fetch.js';
import { ChangeTeller, refreshed } from './refreshes.js';
import { Stage } from './stage.js';
import {
  changeLines,
  commandLines,
  fetchedLine,
  importLines,
  lateChangeLines,
  ledgerLines,
  quotaLine,
} from './story-texts.js';

export interface StoryOptions {
  readonly plan: DemoPlan;
  /** That of the relay and the worker. */
  readonly env: NodeJS.ProcessEnv;
  /** Lets the relay in. */
  readonly token: string;
  /** Ends the story. */
  readonly signal: AbortSignal;
  /** Shows a line. */
  readonly print: (line: string) => void;
  readonly pace: Pace;
}

/** Milliseconds. */
export interface Pace {
  /** Between two scenes, so that they can be followed. */
  readonly breath: number;
  /** What a simulated day takes once the story is told. */
  readonly day: number;
}

/** What the parts of the story work with. */
interface Scene extends StoryOptions {
  readonly desk: WatchingDesk;
  readonly stage: Stage;
  readonly cast: Cast;
  readonly list: Watchlist;
  readonly teller: ChangeTeller;
}

/** For people who read along. */
export const CALM: Pace = { breath: 3_000, day: 30_000 };

/**
 * Watches a list whose story unfolds: import, first fetch, two days with changes, an analyst who is
 * served what is stale, what all of it cost. Then a simulated day passes every 30 s.
 *
 * @returns once it is told to end. @throws DemoFailure `story-failed`.
 */
export async function playStory(options: StoryOptions): Promise<void> {
  try {
    await atDemoDesk(options.env, (desk) => play(options, desk));
  } catch (error) {
    if (!options.signal.aborted) {
      throw error;
    }
  }
}

async function play(options: StoryOptions, desk: WatchingDesk): Promise<void> {
  const { plan } = options;
  const [stage, cast] = [new Stage(simulatorUrlOf(plan)), castOf(plan.tag)];
  await stage.arrange(opening(cast, await stage.today()));
  const { list, isNew } = await demoList(desk);
  const scene: Scene = {
    ...options,
    desk,
    stage,
    cast,
    list,
    teller: new ChangeTeller(desk, list),
  };
  await beginList(scene, isNew);
  await importCast(scene);
  for (let day = 1; day <= SCRIPTED_DAYS; day += 1) {
    await dayPasses(scene, day);
  }
  await analystAsks(scene);
  await account(scene);
  await goOn(scene);
}

/** With the first call for it, the worker also asks how many calls there are. */
async function beginList(
  { desk, list, cast, signal, print }: Scene,
  isNew: boolean,
): Promise<void> {
  const mail = { type: 'domain', value: cast.mail } as const;
  title(print, `A watchlist, ${isNew ? 'new' : 'taken over from an earlier run'}: ${list.name}`);
  await fetchFirst(desk, {
    ...{ list, signal, observables: [mail] },
    onDone: ({ value }) => {
      indented(print, [`${value} is on it, and has been fetched`]);
    },
  });
}

/** The first fetch is the baseline: it raises nothing. */
async function importCast({ desk, list, cast, signal, print }: Scene): Promise<void> {
  const pasted = pastedText(cast);
  const imported = await previewImport(desk, list, pasted);
  title(print, 'Pasted into it');
  indented(print, importLines(pasted, imported, list));
  title(print, 'First fetch, a silent baseline');
  const observables = imported.read.accepted
    .map(({ observable }) => observable)
    .filter(({ value }) => value !== cast.mail);
  await fetchFirst(desk, {
    ...{ list, signal, observables },
    onDone: (observable, done) => {
      indented(print, [fetchedLine(observable, { done, total: observables.length })]);
    },
  });
}

async function dayPasses(scene: Scene, day: number): Promise<void> {
  const { desk, stage, cast, teller, signal, print, pace } = scene;
  const { told, orders, refresh } = chapterOf(cast, day);
  await pause(pace.breath, undefined, { signal });
  title(print, `A simulated day passes: ${await stage.nextDay()}`);
  await stage.arrange(orders);
  indented(print, [...told, '', 'Refresh now:', '']);
  await refreshed(desk, refresh, signal);
  indented(print, changeLines(await teller.news()));
}

/** Behind the stale answer the worker refreshes, and so finds what nobody had asked for. */
async function analystAsks(scene: Scene): Promise<void> {
  const { plan, env, token, signal, print, cast, desk, teller } = scene;
  const fresh = freshness(env);
  if (fresh === undefined) {
    return;
  }
  const analyst = {
    relay: { url: urlOf(plan), token },
    upstream: () => callsAnswered(simulatorOf(plan)),
    observable: { type: 'domain', value: cast.news },
    signal,
  } as const;
  title(print, `An analyst asks for ${cast.news}, stale ${fresh} s after its fetch`);
  await untilStale(desk, analyst, fresh);
  const stale = await askFirst(analyst);
  const found = await teller.awaited(signal);
  indented(print, callTable([stale, await askAgain(analyst)]));
  indented(print, ['', 'What the refresh behind the stale answer found:', '']);
  indented(print, changeLines(found));
}

async function account({ desk, plan, print, pace }: Scene): Promise<void> {
  const { ledger, tenant } = desk;
  title(print, 'What it cost');
  indented(print, [
    ...ledgerLines(await ledger.rows({ tenant, groupBy: 'CAUSE' })),
    quotaLine(await ledger.account(tenant)),
  ]);
  title(print, 'To try by hand, in another terminal');
  commandLines(plan).forEach(print);
  title(print, `The story goes on, a day every ${pace.day / 1_000} s. Ctrl-C ends all of it`);
}

async function goOn(scene: Scene): Promise<void> {
  const { signal, print, pace } = scene;
  for (let day = SCRIPTED_DAYS + 1; !signal.aborted; day += 1) {
    await pause(pace.day, undefined, { signal });
    try {
      await dayGoesBy(scene, day);
    } catch (error) {
      if (!(error instanceof DemoFailure)) {
        throw error;
      }
      // A machine that slept, or is busy: tomorrow is another day.
      indented(print, [error.message]);
    }
  }
}

async function dayGoesBy(scene: Scene, day: number): Promise<void> {
  const { desk, stage, cast, teller, signal, print } = scene;
  const { orders, refresh } = chapterOf(cast, day);
  await stage.nextDay();
  await stage.arrange(orders);
  await refreshed(desk, refresh, signal);
  indented(print, lateChangeLines(await teller.news()));
}

function title(print: (line: string) => void, text: string): void {
  ['', `== ${text}`, ''].forEach(print);
}

function indented(print: (line: string) => void, lines: readonly string[]): void {
  lines.map((line) => `  ${line}`.trimEnd()).forEach(print);
}
