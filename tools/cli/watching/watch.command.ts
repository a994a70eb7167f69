import { setTimeout as wait } from 'node:timers/promises';

import { Command } from 'commander';

import type { Watchlist } from '#watch';
import type { RestReason, WatchEvent } from '#watching';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { changeJson, changeLine } from './change-view.js';
import { allLists, listNamed, namesOf, observableText } from './naming.js';
import { say } from './result.js';
import { instantText, jsonLine } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';
import { remarkIdleness, workText } from './work-view.js';

interface WatchOptions {
  readonly untilIdle?: boolean;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** A worker that has just been started ends these by itself. */
const PASSING: ReadonlySet<RestReason> = new Set(['quota_unknown', 'uncounted']);

/** `watch`: refreshes and changes as they go, until the operator has seen enough. */
export function watchCommand(edges: CliEdges): Command {
  return new Command('watch')
    .description('follow refreshes and changes as they go, until Ctrl-C')
    .argument('[list]', 'only this list: its name or id')
    .option('--until-idle', 'end when nothing is due, new or being refreshed')
    .option('--json', 'a line of JSON for each event')
    .action(async (name: string | undefined, options: WatchOptions) => {
      const interrupted = edges.interruption();
      await atDesk(edges, async (desk) => {
        const list = name === undefined ? undefined : await listNamed(desk, name);
        const view = new View(desk, list, options.json === true);
        const end = await desk.progress.listen((event) => {
          view.show(event);
        });
        try {
          await remarkIdleness(desk);
          await follow(desk, view, { interrupted, untilIdle: options.untilIdle === true });
        } finally {
          await end();
        }
      });
    });
}

async function follow(
  desk: WatchingDesk,
  view: View,
  until: { readonly interrupted: AbortSignal; readonly untilIdle: boolean },
): Promise<void> {
  while (!until.interrupted.aborted) {
    const toDo = await view.lookAround();
    if (until.untilIdle && toDo === 0) {
      return;
    }
    if (until.untilIdle) {
      await expectWork(desk);
    }
    await wait(LOOK_EVERY_MS, undefined, { signal: until.interrupted }).catch(() => undefined);
  }
}

/** Nobody wants to wait for the end of what does not go on. @throws CliFailure `work-rests`. */
async function expectWork({ work, tenant }: WatchingDesk): Promise<void> {
  const now = await work.read(tenant);
  if (now.rest !== null && !PASSING.has(now.rest.reason)) {
    throw new CliFailure('work-rests', `refreshing ${workText(now)}`);
  }
}

interface Tally {
  readonly total: number;
  readonly neverFetched: number;
  readonly due: number;
  readonly refreshing: number;
  readonly failing: number;
}

/** What is shown of the work: of one list, or of all. */
class View {
  readonly #desk: WatchingDesk;
  readonly #list: Watchlist | undefined;
  readonly #json: boolean;
  #nameOf: (id: string) => string = (id) => id;
  #told = '';

  constructor(desk: WatchingDesk, list: Watchlist | undefined, json: boolean) {
    this.#desk = desk;
    this.#list = list;
    this.#json = json;
  }

  show(event: WatchEvent): void {
    const { edges } = this.#desk;
    const lists = event.kind === 'change' ? event.change.watchlists : event.watchlistIds;
    if (this.#list !== undefined && !lists.includes(this.#list.id)) {
      return;
    }
    if (this.#json) {
      edges.print(jsonLine(this.#eventJson(event)));
    } else {
      say(edges, [this.#eventLine(event)]);
    }
  }

  /** Tells how far the work is, when that has changed. @returns how many are still to be refreshed */
  async lookAround(): Promise<number> {
    const lists = this.#list === undefined ? await allLists(this.#desk) : [this.#list];
    this.#nameOf = await namesOf(
      this.#desk,
      lists.map(({ id }) => id),
    );
    const tally = await this.#tally(lists);
    const told = jsonLine({ kind: 'progress', ...tally });
    if (told !== this.#told) {
      this.#told = told;
      this.#tell(tally, told);
    }
    return tally.neverFetched + tally.due + tally.refreshing;
  }

  async #tally(lists: readonly Watchlist[]): Promise<Tally> {
    const summaries = await this.#desk.reader.summaries(lists);
    const sum = (pick: (summary: (typeof summaries)[number]) => number): number =>
      summaries.reduce((all, summary) => all + pick(summary), 0);
    return {
      total: sum(({ total }) => total),
      neverFetched: sum(({ byState }) => byState.PENDING),
      due: sum(({ byState }) => byState.DUE),
      refreshing: sum(({ byState }) => byState.REFRESHING),
      failing: sum(({ byState }) => byState.FAILING),
    };
  }

  #tell(tally: Tally, told: string): void {
    const { edges } = this.#desk;
    if (this.#json) {
      edges.print(told);
      return;
    }
    const { total, neverFetched, due, refreshing, failing } = tally;
    const done = total - neverFetched - due - refreshing - failing;
    const share = total === 0 ? 100 : Math.floor((100 * done) / total);
    const rest = `${neverFetched} new, ${due} due, ${refreshing} in work, ${failing} failing`;
    edges.remark(`-- ${share} %: ${done} of ${total} need nothing; ${rest}\n`);
  }

  #eventJson(event: WatchEvent): object {
    return event.kind === 'change'
      ? { kind: 'change', change: changeJson(event.change, this.#nameOf) }
      : { ...event, at: instantText(event.at) };
  }

  #eventLine(event: WatchEvent): string {
    if (event.kind === 'change') {
      return `${clockText(event.change.detectedAt)} ${changeLine(event.change, this.#nameOf)}`;
    }
    const { at, state, observable, pagesFetched, pagesTotal, error } = event;
    const pages = pagesFetched > 0 ? `, page ${pagesFetched}${ofTotal(pagesTotal)}` : '';
    const why = error === null ? '' : `: ${error}`;
    return `${clockText(at)} ${state} ${observableText(observable)}${pages}${why}`;
  }
}

/** The time of day in UTC, to the second. */
function clockText(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}

/** Of a name that is not known there are no pages. */
function ofTotal(pagesTotal: number | null): string {
  return pagesTotal === null || pagesTotal === 0 ? '' : ` of ${pagesTotal}`;
}
