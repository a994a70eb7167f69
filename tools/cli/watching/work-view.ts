import type { Halt, HaltScope, Work } from '#watching';

import { instantText, minuteText } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';

const HALTED: Readonly<Record<HaltScope, string>> = {
  key: 'halted: the API key',
  history: 'halted: domains',
  list: 'halted: addresses',
};

export function workJson({ state, rest, halts }: Work): object {
  return {
    state,
    rest: rest && { ...rest, since: instantText(rest.since), until: instantText(rest.until) },
    halts: halts.map(({ scope, reason, since, retryAt, tries }) => ({
      scope,
      reason,
      since: instantText(since),
      retryAt: instantText(retryAt),
      tries,
    })),
  };
}

/** Whether refreshes go on; if not, why, since when and until when. */
export function workText({ rest }: Work): string {
  return rest === null
    ? 'goes on'
    : `rests: ${rest.reason}, since ${minuteText(rest.since)}, until ${minuteText(rest.until)}`;
}

export function haltField({ scope, reason, since, retryAt }: Halt): readonly [string, string] {
  const text = `${reason}, since ${minuteText(since)}, tried again ${minuteText(retryAt)}`;
  return [HALTED[scope], text];
}

/** Says so when what was asked for will not happen. */
export async function remarkIdleness(
  desk: Pick<WatchingDesk, 'presence' | 'tenant'> & {
    readonly queue: Pick<WatchingDesk['queue'], 'figures'>;
    readonly edges: Pick<WatchingDesk['edges'], 'remark'>;
  },
): Promise<void> {
  const { queue, edges, presence, tenant } = desk;
  const { workers, paused } = await queue.figures();
  if (workers === 0) {
    edges.remark('No worker is running: nothing is refreshed until one is started.\n');
  } else if (paused) {
    edges.remark('The queue is paused: nothing is refreshed until it is resumed.\n');
  } else if (!(await presence.has(tenant))) {
    edges.remark(
      'No worker has the same SECURITYTRAILS_API_KEY and CACHE_DIGEST_KEY as this command line.\n',
    );
  }
}
