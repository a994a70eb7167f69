import { Command, InvalidArgumentError, Option } from 'commander';

import { CHANGE_KINDS, cursorOf, MOST_A_PAGE } from '#changes';
import type { ChangeFilter, ChangeKind, ChangePage } from '#changes';
import { DEPLOYMENT } from '#watching';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';
import { parseCount } from '../option-values.js';

import { changeJson, changeTable } from './change-view.js';
import { instantNamed, listNamed, namesOf, observableNamed } from './naming.js';
import { result } from './result.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface ChangesOptions {
  readonly list?: string;
  readonly observable?: string;
  readonly kind?: ChangeKind;
  readonly since?: string;
  readonly until?: string;
  readonly first: number;
  readonly after?: string;
  readonly ack?: readonly string[];
  readonly ackAll?: boolean;
  readonly json?: boolean;
}

/** `changes`: what changed in watched history, newest first, and having seen it. */
export function changesCommand(edges: CliEdges): Command {
  return new Command('changes')
    .description('what changed, newest first; --ack and --ack-all say that it was seen')
    .option('--list <list>', 'only of this list')
    .option('--observable <value>', 'only of this domain or address')
    .addOption(new Option('--kind <kind>').choices(CHANGE_KINDS).argParser(parseKind))
    .option('--since <when>', 'found then or later: a day or an instant')
    .option('--until <when>', 'found then or before')
    .option('--first <count>', 'how many', parseCount, 50)
    .option('--after <cursor>', 'go on after an earlier page')
    .addOption(new Option('--ack <id...>', 'acknowledge these').conflicts('ackAll'))
    .option('--ack-all', 'acknowledge all that the other options select')
    .option('--json', 'for scripts')
    .action(async (options: ChangesOptions) => {
      await atDesk(edges, async (desk) => {
        if (options.ack !== undefined) {
          await acknowledge(desk, options.ack, options.json);
        } else if (options.ackAll === true) {
          await acknowledgeAll(desk, options);
        } else {
          await list(desk, options);
        }
      });
    });
}

async function list(desk: WatchingDesk, options: ChangesOptions): Promise<void> {
  const { first, after, json } = options;
  const filter = await filterOf(desk, options);
  const page = await pageAt(desk, filter, { first, after });
  const nameOf = await namesOf(
    desk,
    page.changes.flatMap(({ watchlists }) => watchlists),
  );
  const last = page.changes.at(-1);
  const nextCursor = page.hasMore && last !== undefined ? cursorOf(last) : null;
  const document = { changes: page.changes.map((one) => changeJson(one, nameOf)), nextCursor };
  result(desk.edges, json, document, () => changeTable(page.changes, nameOf));
  if (nextCursor !== null && json !== true) {
    desk.edges.remark(`There are more: --after ${nextCursor}\n`);
  }
}

async function acknowledge(
  desk: WatchingDesk,
  ids: readonly string[],
  json: boolean | undefined,
): Promise<void> {
  const { changes, actor, edges } = desk;
  const came = await changes.acknowledge({ tenant: DEPLOYMENT, ids, by: actor, at: edges.now() });
  const { acknowledged, already, unknown } = came;
  result(edges, json, came, () => [
    `acknowledged ${acknowledged.length}; ${already.length} had been before`,
  ]);
  if (unknown.length > 0) {
    const lines = unknown.map((id) => `NOT_FOUND: there is no change ${id}`);
    throw new CliFailure('not-found', lines.join('\n'));
  }
}

/** A page at a time; what is found meanwhile is newer, and stays as it is. */
async function acknowledgeAll(desk: WatchingDesk, options: ChangesOptions): Promise<void> {
  const { changes, actor, edges } = desk;
  const filter = await filterOf(desk, options);
  let [acknowledged, already] = [0, 0];
  let after = options.after;
  for (;;) {
    const page = await pageAt(desk, filter, { first: MOST_A_PAGE, after });
    const ids = page.changes.map(({ id }) => id);
    if (ids.length > 0) {
      const came = await changes.acknowledge({
        tenant: DEPLOYMENT,
        ids,
        by: actor,
        at: edges.now(),
      });
      acknowledged += came.acknowledged.length;
      already += came.already.length;
    }
    const last = page.changes.at(-1);
    if (!page.hasMore || last === undefined) {
      break;
    }
    after = cursorOf(last);
  }
  result(edges, options.json, { acknowledged, already }, () => [
    `acknowledged ${acknowledged}; ${already} had been before`,
  ]);
}

async function pageAt(
  { changes }: WatchingDesk,
  filter: ChangeFilter,
  { first, after }: { readonly first: number; readonly after: string | undefined },
): Promise<ChangePage> {
  return changes.page({ tenant: DEPLOYMENT, filter, first, ...(after !== undefined && { after }) });
}

async function filterOf(desk: WatchingDesk, options: ChangesOptions): Promise<ChangeFilter> {
  const { list, observable, kind, since, until } = options;
  return {
    ...(list !== undefined && { watchlistId: (await listNamed(desk, list)).id }),
    ...(observable !== undefined && (await observableNamed(desk, observable))),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since: instantNamed('--since', since) }),
    ...(until !== undefined && { until: instantNamed('--until', until) }),
  };
}

function parseKind(text: string): ChangeKind {
  const kind = CHANGE_KINDS.find((one) => one === text.toUpperCase());
  if (kind === undefined) {
    throw new InvalidArgumentError(`Give ${CHANGE_KINDS.join(', ')}.`);
  }
  return kind;
}
