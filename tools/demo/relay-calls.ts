/** A call that the demo makes, and prints for copying. */
export interface RelayCall {
  readonly title: string;
  /** What is to be expected of it, for the lines to copy. */
  readonly expected: string;
  /** Whether it is a question that the cache may have the answer to. */
  readonly isCached: boolean;
  readonly path: string;
  readonly observable: { readonly type: string; readonly value: string };
}

/** What a call showed. */
export interface RelayCallResult {
  readonly title: string;
  /** Where the answer came from; undefined when nobody can tell. */
  readonly cache?: 'hit' | 'stale' | 'miss';
  readonly status: number;
  readonly milliseconds: number;
  /**
   * Calls for which it waited: those the simulator saw meanwhile; of a stale answer, behind which it
   * is refreshed, those that the answer tells. Undefined with the real API, which does not tell.
   */
  readonly upstreamCalls?: number;
  /** The first thing of interest in the answer, in words. */
  readonly finding: string;
}

/** The three calls: observe twice, then refer. */
export function callsAbout(host: string): RelayCall[] {
  const observable = { type: 'domain', value: host };
  const observe = { path: '/observe/observables', observable, isCached: true };
  return [
    { ...observe, title: 'observe', expected: 'a miss: upstream is asked' },
    { ...observe, title: 'observe again', expected: 'a hit: the cache answers' },
    {
      title: 'refer',
      path: '/refer/observables',
      observable,
      isCached: false,
      expected: 'links; nobody is asked',
    },
  ];
}

/** Makes the call and says what came of it. `upstream` reads the number of calls made upstream. */
export async function perform(
  call: RelayCall,
  relay: { url: string; token: string },
  upstream: () => Promise<number | undefined>,
): Promise<RelayCallResult> {
  const before = await upstream();
  const started = performance.now();
  const answer = await fetch(relay.url + call.path, {
    method: 'POST',
    headers: { authorization: `Bearer ${relay.token}`, 'content-type': 'application/json' },
    body: JSON.stringify([call.observable]),
  });
  const body: unknown = await answer.json();
  const milliseconds = performance.now() - started;
  const after = await upstream();
  const shown = {
    title: call.title,
    status: answer.status,
    milliseconds,
    finding: findingOf(body),
  };
  const told = call.isCached ? staleCalls(body) : undefined;
  if (told !== undefined) {
    return { ...shown, cache: 'stale', upstreamCalls: told };
  }
  const isCounted = before !== undefined && after !== undefined;
  return {
    ...shown,
    ...(isCounted && { upstreamCalls: after - before }),
    ...(isCounted && call.isCached && { cache: after > before ? 'miss' : 'hit' }),
  };
}

/** The calls made for an answer that is being refreshed behind it; undefined for any other. */
function staleCalls(body: unknown): number | undefined {
  const texts = sightingsIn(body).map((sighting) => text(at(sighting, 'short_description')));
  if (!texts.some((words) => words.includes('being refreshed'))) {
    return undefined;
  }
  return texts.reduce((sum, words) => sum + Number(/(\d+) upstream/.exec(words)?.[1] ?? 0), 0);
}

/** The first error, newest relation or first link of an answer (relay-protocol 1.4, 1.7). */
export function findingOf(body: unknown): string {
  const error = first(at(body, 'errors'));
  if (error !== undefined) {
    return `error: ${text(at(error, 'message'))}`;
  }
  const data = at(body, 'data');
  if (Array.isArray(data)) {
    return data.length === 0 ? 'nothing' : text(at(data[0], 'url'));
  }
  const relations = at(sightingsIn(body)[0], 'relations');
  const [newest] = listOf(relations).toSorted((one, other) => (days(one) < days(other) ? 1 : -1));
  return newest === undefined ? 'nothing known' : relationText(newest);
}

function sightingsIn(body: unknown): readonly unknown[] {
  return listOf(at(at(at(body, 'data'), 'sightings'), 'docs'));
}

/** Text that sorts as a relation's days do: by the last one, which a running one has not, then the first. */
function days(relation: unknown): string {
  const info = at(relation, 'relation_info');
  return `${text(at(info, 'last_seen')) || '9999'} ${text(at(info, 'first_seen'))}`;
}

function relationText(relation: unknown): string {
  const [source, related] = ['source', 'related'].map((end) =>
    text(at(at(relation, end), 'value')),
  );
  return `${source ?? ''} ${text(at(relation, 'relation'))} ${related ?? ''}`;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function first(value: unknown): unknown {
  return listOf(value)[0];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
