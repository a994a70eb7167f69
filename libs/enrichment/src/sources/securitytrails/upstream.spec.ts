import { afterEach, describe, expect, it } from '@jest/globals';

import { Governor, MemoryPacer, MemoryQuotaCircuit } from '#governor';
import type { LedgerParts } from '#ledger';
import { SecurityTrailsClient } from '#securitytrails';

import type { AskLane } from '../../enrichment-source.port.js';
import { problemOf } from '../../problem.js';
import { CALLER } from '../../testing/service-bench.js';
import { testLedger } from '../../testing/test-ledger.js';
import { VendorServer } from '../../testing/vendor-server.js';
import type { VendorReply, VendorRequest } from '../../testing/vendor-server.js';
import type { MadeCall } from './upstream.js';
import { SecurityTrailsUpstream } from './upstream.js';

const QUOTA: VendorReply = {
  status: 429,
  body: { message: "You've exceeded the usage limits for your account." },
};
const THROTTLE: VendorReply = { status: 429, body: { message: 'API rate limit exceeded' } };
const OK: VendorReply = { body: { success: true } };
const HISTORY: VendorReply = { body: { pages: 0, records: [], type: 'a/ipv4' } };
const NAME = { type: 'domain', value: 'www.example.com' } as const;
const PATH = '/history/www.example.com/dns/a';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

/** The glue between a real client, a real governor and an upstream that a test scripts. */
async function stand(
  reply: (request: VendorRequest) => VendorReply,
  ledgerParts: Partial<LedgerParts> = {},
) {
  const vendor = await VendorServer.start(reply);
  const time = { now: Date.parse('2026-03-10T12:00:00Z') };
  const clock = (): number => time.now;
  const governor = new Governor({
    pacer: new MemoryPacer(1_000, clock),
    circuit: new MemoryQuotaCircuit(clock),
    clock,
    onTrouble: (error) => {
      throw error;
    },
  });
  const client = new SecurityTrailsClient({
    baseUrl: vendor.url,
    timeoutMs: 5_000,
    userAgent: 'test',
    // The client's own waits pass at once, and so does the penalty after a throttle.
    sleep: (ms) => {
      time.now += ms + 1_000;
      return Promise.resolve();
    },
  });
  const ledger = testLedger(clock, ledgerParts);
  const calls: MadeCall[] = [];
  const noted = new Map<string, () => void>();
  const upstream = new SecurityTrailsUpstream({
    client,
    governor,
    ledger,
    clock,
    onCall: (call) => {
      calls.push(call);
      noted.get(call.endpoint)?.();
    },
  });
  cleanUps.push(
    () => client.close(),
    () => vendor[Symbol.asyncDispose](),
  );
  return {
    vendor,
    time,
    governor,
    ledger,
    upstream,
    calls,
    /** Resolves with the next call to an endpoint that has ended. */
    called: (endpoint: string) =>
      new Promise<void>((resolve) => {
        noted.set(endpoint, resolve);
      }),
  };
}

function ask(upstream: SecurityTrailsUpstream, lane: AskLane): Promise<unknown> {
  const inquiry = { caller: CALLER, lane, observable: NAME };
  return upstream.ask(inquiry, (session) => session.history.page(NAME.value, 'a', 1));
}

function usageOf(used: number, allowed: number) {
  return ({ path }: VendorRequest): VendorReply =>
    path === '/account/usage'
      ? { body: { current_monthly_usage: used, allowed_monthly_usage: allowed } }
      : HISTORY;
}

async function problem(work: Promise<unknown>) {
  return problemOf(await work.catch((error: unknown) => error));
}

/** Until the circuit is as wanted: it is told behind the caller's back. */
async function circuit(governor: Governor, wanted: 'open' | 'closed'): Promise<void> {
  while (((await governor.quotaOpenUntil(CALLER.tenant)) === null) !== (wanted === 'closed')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('SecurityTrailsUpstream', () => {
  it('asks with the key of the caller and reports each call', async () => {
    const { upstream, vendor, calls } = await stand(() => HISTORY);
    await ask(upstream, 'interactive');
    expect(vendor.requests).toMatchObject([{ path: PATH, apiKey: CALLER.apiKey }]);
    expect(calls).toMatchObject([
      { endpoint: 'history', lane: 'interactive', cause: 'OBSERVE', outcome: { status: 200 } },
    ]);
  });

  it('says in its own words what went wrong', async () => {
    const { upstream } = await stand(() => ({ status: 401, body: 'Please check' }));
    const failure = problem(ask(upstream, 'interactive'));
    expect(await failure).toEqual({ code: 'bad_key', text: 'Please check', status: 401 });
  });

  it('makes no call more once upstream has said that the quota is used up', async () => {
    const { upstream, vendor, governor } = await stand(() => QUOTA);
    const first = await problem(upstream.ping(CALLER));
    await circuit(governor, 'open');
    const second = await problem(upstream.ping(CALLER));
    expect([first.code, second.code]).toEqual(['quota', 'quota']);
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/ping']);
  });

  it('asks for the usage a minute later, and goes on when there is quota again', async () => {
    let used = 50;
    const { upstream, vendor, governor, time, called } = await stand(({ path }) =>
      path === '/account/usage'
        ? { body: { current_monthly_usage: used, allowed_monthly_usage: 50 } }
        : used < 50
          ? OK
          : QUOTA,
    );
    await problem(upstream.ping(CALLER));
    await circuit(governor, 'open');
    used = 0;
    time.now += 60_000;
    const asked = called('usage');
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'quota' });
    await asked;
    await circuit(governor, 'closed');
    await upstream.ping(CALLER);
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/ping', '/account/usage', '/ping']);
  });

  it('leaves the circuit as it is when the usage cannot be had', async () => {
    const { upstream, governor, time, called } = await stand(({ path }) =>
      path === '/account/usage' ? { status: 403, body: { message: 'not in your plan' } } : QUOTA,
    );
    await problem(upstream.ping(CALLER));
    await circuit(governor, 'open');
    time.now += 60_000;
    const asked = called('usage');
    await problem(upstream.ping(CALLER));
    await asked;
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'quota' });
  });

  it('takes throttles without end for the quota when the usage says so', async () => {
    const { upstream, vendor, governor, called } = await stand(({ path }) =>
      path === '/account/usage'
        ? { body: { current_monthly_usage: 50, allowed_monthly_usage: 50 } }
        : THROTTLE,
    );
    const asked = called('usage');
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'throttled' });
    await asked;
    await circuit(governor, 'open');
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'quota' });
    expect(vendor.requests.filter(({ path }) => path === '/ping')).toHaveLength(3);
  });

  it.each([400, 404])('takes no "nothing known" (%i) for the answer to a ping', async (status) => {
    const { upstream } = await stand(() => ({ status, body: { message: 'what?' } }));
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'unexpected_status' });
  });

  it('books each call before it is made, and names it to upstream', async () => {
    const booked: number[] = [];
    const { upstream, vendor, ledger } = await stand(() => HISTORY);
    const count = async () => (await ledger.account(CALLER.tenant)).own;
    vendor.onRequest = async () => {
      booked.push(await count());
    };
    const errand = {
      cause: 'FIRST_FETCH',
      payers: [{ watchlistId: 'wl_one', monthlyBudget: null }],
    } as const;
    await upstream.ask(
      { caller: { ...CALLER, errand }, lane: 'interactive', observable: NAME },
      (session) => session.history.page(NAME.value, 'a', 1),
    );
    expect(booked).toEqual([1]);
    expect(vendor.requests).toMatchObject([{ requestId: 'call-1' }]);
    const rows = await ledger.rows({ tenant: CALLER.tenant, groupBy: 'WATCHLIST' });
    expect(rows).toMatchObject([{ watchlistId: 'wl_one', calls: 1, failed: 0 }]);
  });

  it('reads the usage before the first background call of a month', async () => {
    const { upstream, vendor, ledger } = await stand(usageOf(40, 50));
    await ask(upstream, 'background');
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/account/usage', PATH]);
    expect(await ledger.account(CALLER.tenant)).toMatchObject({ own: 2, allowed: 50 });
  });

  it('makes no background call that would touch what is kept for analysts', async () => {
    const { upstream, vendor } = await stand(usageOf(40, 50), { interactiveReserve: 0.2 });
    expect(await problem(ask(upstream, 'background'))).toMatchObject({ code: 'reserve' });
    await ask(upstream, 'interactive');
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/account/usage', PATH]);
  });

  it('makes no call at all beyond the hard limit', async () => {
    const { upstream, vendor } = await stand(() => OK, { hardMonthlyLimit: 2 });
    await upstream.ping(CALLER);
    await upstream.ping(CALLER);
    expect(await problem(upstream.ping(CALLER))).toMatchObject({ code: 'hard_limit' });
    expect(vendor.requests).toHaveLength(2);
  });

  it('says that the key is bad when the usage could not be read for that', async () => {
    const { upstream, vendor } = await stand(() => ({ status: 401, body: 'Please check' }));
    expect(await problem(ask(upstream, 'background'))).toMatchObject({ code: 'bad_key' });
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/account/usage']);
  });

  it('takes an account that tells no usage for one without a known limit', async () => {
    const { upstream, vendor } = await stand(({ path }) =>
      path === '/account/usage' ? { status: 403, body: { message: 'not in your plan' } } : HISTORY,
    );
    await ask(upstream, 'background');
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/account/usage', PATH]);
  });
});
