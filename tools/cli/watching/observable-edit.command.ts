import { Command } from 'commander';

import type { MembershipPatch } from '#watch';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { expiryNamed } from './expiry-option.js';
import { listNamed, observableNamed, observablesNamed, observableText } from './naming.js';
import { watchedJson } from './observable-view.js';
import { valueOf } from './outcome.js';
import { result } from './result.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface NoteOptions {
  readonly expires?: string;
  readonly json?: boolean;
}

export function removeCommand(edges: CliEdges): Command {
  return new Command('remove')
    .description('take values off a list; they stay on the others they are on')
    .argument('<list>', 'its name or id')
    .argument('<values...>')
    .option('--json', 'for scripts')
    .action(async (name: string, values: string[], { json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const list = await listNamed(desk, name);
        const observables = await observablesNamed(desk, values);
        const removed = valueOf(await desk.members.remove(list.id, observables));
        result(edges, json, { removed }, () => [`removed ${removed} from ${list.name}`]);
        if (removed === 0) {
          throw new CliFailure('not-found', 'NOT_FOUND: none of them is on the list');
        }
      });
    });
}

export function noteCommand(edges: CliEdges): Command {
  return new Command('note')
    .description('say why a value is watched, and until when')
    .argument('<list>', 'its name or id')
    .argument('<value>')
    .argument('<text>', 'an empty text takes the note away')
    .option('--expires <when>', 'a day, an instant, a duration such as 30d, or never')
    .option('--json', 'for scripts')
    .action(async (name: string, value: string, note: string, options: NoteOptions) => {
      const { expires, json } = options;
      await atDesk(edges, async (desk) => {
        const expiresAt = expires === undefined ? undefined : expiryNamed(expires, edges.now());
        const patch = { note, ...(expiresAt !== undefined && { expiresAt }) };
        await amend(desk, { name, values: [value], patch, did: 'noted', json });
      });
    });
}

export function pauseCommand(edges: CliEdges): Command {
  return placeCommand(edges, 'pause', {
    description: 'watch values no longer, for now; their history stays',
    patch: { paused: true },
    did: 'paused',
  });
}

export function resumeCommand(edges: CliEdges): Command {
  return placeCommand(edges, 'resume', {
    description: 'watch paused values again',
    patch: { paused: false },
    did: 'resumed',
  });
}

function placeCommand(
  edges: CliEdges,
  verb: string,
  what: { readonly description: string; readonly patch: MembershipPatch; readonly did: string },
): Command {
  const { description, patch, did } = what;
  return new Command(verb)
    .description(description)
    .argument('<list>', 'its name or id')
    .argument('<values...>')
    .option('--json', 'for scripts')
    .action(async (name: string, values: string[], { json }: { json?: boolean }) => {
      await atDesk(edges, (desk) => amend(desk, { name, values, patch, did, json }));
    });
}

interface Amendment {
  readonly name: string;
  readonly values: readonly string[];
  readonly patch: MembershipPatch;
  readonly did: string;
  readonly json: boolean | undefined;
}

async function amend(desk: WatchingDesk, amendment: Amendment): Promise<void> {
  const { patch, did, json } = amendment;
  const list = await listNamed(desk, amendment.name);
  const observables =
    amendment.values.length === 1
      ? [await observableNamed(desk, amendment.values[0] ?? '')]
      : await observablesNamed(desk, amendment.values);
  const places = (await desk.reader.watchedBy(observables)).map((all) =>
    all.find(({ watchlistId }) => watchlistId === list.id),
  );
  const absent = observables.filter((_, index) => places[index] === undefined);
  if (absent.length > 0) {
    const lines = absent.map((one) => `NOT_FOUND: ${observableText(one)} is not on ${list.name}`);
    throw new CliFailure('not-found', lines.join('\n'));
  }
  const ids = places.flatMap((place) => place?.id ?? []);
  for (const id of ids) {
    valueOf(await desk.members.update(id, patch));
  }
  const after = (await desk.reader.byIds(ids)).filter((one) => one !== undefined);
  result(desk.edges, json, { observables: after.map(watchedJson) }, () =>
    after.map((one) => `${did} ${observableText(one.observable)} on ${list.name}: ${one.state}`),
  );
}
