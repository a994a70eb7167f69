import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/eventually.js';
import { ask, codesOf, opsToken, OPS_SECRET } from '../support/ops-world.js';
import { API_KEY, post, SECRET_KEY, startStack } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const env = { OPS_JWT_SECRET: OPS_SECRET };

let stack: RelayStack;
let other: ServiceProcess;
let worker: ServiceProcess;

beforeAll(async () => {
  stack = await startStack({ env });
  [other, worker] = await Promise.all([stack.add('relay'), stack.add('worker')]);
}, 60_000);

afterAll(async () => {
  await stack.stop();
});

/** Of the shape that was asked for. */
type Loose = ReturnType<JSON['parse']>;

async function data(at: ServiceProcess, query: string, variables: object = {}): Promise<Loose> {
  const answer = await ask(at, query, { variables });
  expect(codesOf(answer)).toEqual([]);
  return answer.json.data;
}

function calls(): number {
  return stack.simulator.requests().length;
}

describe('the operators API of two relays and a worker', () => {
  it('watches what one relay is told, and shows it at the other', async () => {
    const made = await data(
      stack.relay,
      'mutation { createWatchlist(input: { name: "Shared" }) { watchlist { id } } }',
    );
    const { id } = made.createWatchlist.watchlist;
    await data(
      stack.relay,
      `mutation($id: ID!) { importObservables(input: { watchlistId: $id, text: "a[.]example[.]com" }) {
        added { id } userErrors { code } } }`,
      { id },
    );
    // Neither relay has the worker's key: they learn from the worker whose histories to show.
    const { watchlist } = await eventually(
      () =>
        data(
          other,
          `query($id: ID!) { watchlist(id: $id) { summary { total fresh } observables { nodes {
            state observable { cache { state } history { totalCount } } } } } }`,
          { id },
        ),
      (seen) => seen.watchlist.summary.fresh === 1,
    );
    const [node] = watchlist.observables.nodes;
    expect(node.observable.cache).not.toBeNull();
    expect(node.observable.history).not.toBeNull();
    const { callLedger } = await data(other, '{ callLedger { key calls } }');
    expect(callLedger).toContainEqual({ key: 'FIRST_FETCH', calls: 2 });
  }, 60_000);

  it('forgets at both what it is told to forget at one', async () => {
    const name = { type: 'domain', value: 'b.example.com' };
    for (const { url } of [stack.relay, other]) {
      await post(url, '/observe/observables', [name]);
    }
    const before = calls();
    const forgotten = await data(
      stack.relay,
      'mutation { invalidateCache(input: { observable: { type: DOMAIN, value: "b.example.com" } }) { invalidated } }',
    );
    expect(forgotten.invalidateCache.invalidated).toBe(1);
    const after = await eventually(
      async () => {
        await post(other.url, '/observe/observables', [name]);
        return calls();
      },
      (count) => count > before,
    );
    expect(after).toBeGreaterThan(before);
  }, 60_000);

  it('pauses the worker from any relay, and lets it go on', async () => {
    const flip = (at: ServiceProcess, name: string) =>
      data(at, `mutation { ${name}(input: { queue: "refresh" }) { queue { paused workers } } }`);
    expect((await flip(other, 'pauseQueue')).pauseQueue.queue).toEqual({
      paused: true,
      workers: 1,
    });
    await data(
      stack.relay,
      'mutation { refreshObservable(input: { observable: { type: DOMAIN, value: "c.example.com" } }) { enqueued } }',
    );
    const waiting = await data(
      other,
      '{ jobs(queue: "refresh", state: PRIORITIZED) { totalCount } }',
    );
    expect(waiting.jobs.totalCount).toBe(1);
    await flip(stack.relay, 'resumeQueue');
    const { observable } = await eventually(
      () => data(other, '{ observable(type: DOMAIN, value: "c.example.com") { cache { state } } }'),
      (seen) => seen.observable.cache !== null,
    );
    expect(observable.cache.state).not.toBeNull();
  }, 60_000);

  it('writes neither tokens nor secrets down', async () => {
    const token = opsToken('ADMIN');
    await ask(stack.relay, '{ viewer { role } }', { token });
    const output = [stack.relay, other, worker].flatMap((one) => one.output).join('\n');
    expect(output).toContain('"operator":"lead@example.com"');
    for (const secret of [OPS_SECRET, SECRET_KEY, API_KEY, token]) {
      expect(output).not.toContain(secret);
    }
  });
});
