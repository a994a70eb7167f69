import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/eventually.js';
import { asDomains, asIps, observe } from '../support/observing.js';
import type { ObserveAnswer } from '../support/observing.js';
import type { RelayStack } from '../support/relay-stack.js';
import { startStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

/** Well above what an answer without Redis may take, well below an analyst's patience. */
const LIMIT_MS = 3_000;

let stack: RelayStack;
let other: ServiceProcess;
let nextName = 0;

beforeAll(async () => {
  stack = await startStack();
  other = await stack.add('relay');
}, 40_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.clearFaults();
  stack.simulator.resetCounters();
});

function freshAddress(): string {
  nextName += 1;
  const address = `198.18.${nextName >> 8}.${nextName & 255}`;
  stack.simulator.setHosts(address, ['one.example.com']);
  return address;
}

async function timed(ask: Promise<ObserveAnswer>): Promise<ObserveAnswer & { ms: number }> {
  const started = performance.now();
  const answer = await ask;
  return { ...answer, ms: performance.now() - started };
}

async function readiness(relay: ServiceProcess): Promise<{ code: number; status: string }> {
  const response = await fetch(`${relay.url}/readyz`);
  const { status } = (await response.json()) as { status: string };
  return { code: response.status, status };
}

async function expectRecovery(): Promise<void> {
  await Promise.all(
    [stack.relay, other].map((relay) =>
      eventually(
        () => readiness(relay),
        ({ status }) => status === 'ready',
      ),
    ),
  );
  // What one relay fetches now is a hit in the other one again.
  await eventually(
    async () => {
      const address = freshAddress();
      await observe(stack.relay.url, asIps(address));
      stack.simulator.resetCounters();
      const { docs } = await observe(other.url, asIps(address));
      return docs.length === 1 && stack.simulator.counters().total === 0;
    },
    (shared) => shared,
  );
}

afterEach(async () => {
  // Whatever a test left behind, the next one has a Redis.
  stack.redis.thaw();
  await stack.redis.kill();
  await stack.redis.restart();
});

describe('while Redis is dead', () => {
  it('a relay answers, from memory and from upstream, and says that it is degraded', async () => {
    const known = freshAddress();
    await observe(stack.relay.url, asIps(known));
    await stack.redis.kill();
    await eventually(
      () => readiness(stack.relay),
      ({ status }) => status === 'degraded',
    );
    await expect(readiness(stack.relay)).resolves.toEqual({ code: 200, status: 'degraded' });
    stack.simulator.resetCounters();
    const held = await timed(observe(stack.relay.url, asIps(known)));
    expect([held.docs.length, held.errors, held.ms < LIMIT_MS]).toEqual([1, [], true]);
    expect(stack.simulator.counters().total).toBe(0);
    const fetched = await timed(observe(stack.relay.url, asDomains('moved.example.com')));
    expect([fetched.docs.length, fetched.errors, fetched.ms < LIMIT_MS]).toEqual([2, [], true]);
    const crowd = freshAddress();
    await Promise.all(Array.from({ length: 50 }, () => observe(other.url, asIps(crowd))));
    expect(stack.simulator.requests().filter(({ subject }) => subject === crowd)).toHaveLength(1);
    await stack.redis.restart();
    await expectRecovery();
  }, 20_000);
});

describe('while Redis is frozen', () => {
  it('a relay answers within seconds, and recovers', async () => {
    const known = freshAddress();
    await observe(stack.relay.url, asIps(known));
    stack.redis.freeze();
    try {
      const held = await timed(observe(stack.relay.url, asIps(known)));
      expect([held.docs.length, held.errors, held.ms < LIMIT_MS]).toEqual([1, [], true]);
      for (let call = 1; call <= 3; call += 1) {
        const fetched = await timed(observe(stack.relay.url, asIps(freshAddress())));
        expect([fetched.docs.length, fetched.errors]).toEqual([1, []]);
        expect(fetched.ms).toBeLessThan(LIMIT_MS);
      }
    } finally {
      stack.redis.thaw();
    }
    await expectRecovery();
  }, 20_000);
});

describe('a relay that starts while Redis is dead', () => {
  it('answers all the same, and uses Redis when it comes back', async () => {
    await stack.redis.kill();
    const late = await stack.add('relay');
    const { docs, errors } = await observe(late.url, asIps(freshAddress()));
    expect([docs.length, errors]).toEqual([1, []]);
    await stack.redis.restart();
    await eventually(
      () => readiness(late),
      ({ status }) => status === 'ready',
    );
    await expect(late.stop()).resolves.toBe(0);
  }, 20_000);
});

describe('SIGTERM', () => {
  it('loses no request: not those in hand, not those that come until the relay is left', async () => {
    const relay = await stack.add('relay');
    const slow = freshAddress();
    stack.simulator.fault({ kind: 'delay', delayMs: 1_800, match: { host: slow } });
    const slowAnswer = observe(relay.url, asIps(slow));
    let left = false;
    const answers: ObserveAnswer[] = [];
    const load = Array.from({ length: 10 }, async () => {
      while (!left) {
        answers.push(await observe(relay.url, asIps(freshAddress())));
      }
    });
    await eventually(
      () => answers.length,
      (count) => count > 20,
    );
    relay.signal('SIGTERM');
    const unready = await eventually(
      () => readiness(relay),
      ({ code }) => code !== 200,
    );
    expect(unready).toEqual({ code: 503, status: 'unavailable' });
    left = true;
    await Promise.all(load);
    expect(answers.filter(({ docs, errors }) => docs.length !== 1 || errors.length > 0)).toEqual(
      [],
    );
    await expect(slowAnswer).resolves.toMatchObject({ docs: [{}], errors: [] });
    await expect(relay.ended).resolves.toBe(0);
  }, 20_000);

  it('waits for a fetch whose caller was answered at the deadline', async () => {
    const relay = await stack.add('relay', { OBSERVE_DEADLINE_MS: '50' });
    const late = freshAddress();
    stack.simulator.fault({ kind: 'delay', delayMs: 2_000, match: { host: late } });
    const { errors } = await observe(relay.url, asIps(late));
    expect(errors).toMatchObject([{ code: 'gateway timeout' }]);
    await expect(relay.stop()).resolves.toBe(0);
    stack.simulator.resetCounters();
    const { docs } = await observe(stack.relay.url, asIps(late));
    expect(docs).toHaveLength(1);
    expect(stack.simulator.counters().total).toBe(0);
  }, 20_000);

  it('ends a relay without Redis with 0 too', async () => {
    const relay = await stack.add('relay');
    await stack.redis.kill();
    await expect(relay.stop()).resolves.toBe(0);
  }, 20_000);
});
