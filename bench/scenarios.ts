import { interleave, median, ratios } from './pairs.js';
import type { Pairs } from './pairs.js';
import { domainsBody, postRequest, upstreamRequest } from './requests.js';
import { FIRST_WARM_UP_MS, HOT_NAMES, REFER_BODY } from './session.js';
import type { Session } from './session.js';
import { historyOf } from './histories.js';
import { API_KEY } from './stand.js';
import { sideLine } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Less than this is no answer with 100 relations. */
const HOT_BYTES = 10_000;

/** The limits: what the build fails below. The figures of the day are in docs/performance.md. */
const LIMITS = { hot: 0.6, refer: 0.25, batch: 20, coldMs: 10 } as const;

/** The relay's usual call, a held domain of 100 relations, against the bare server. */
export async function hotObserve(session: Session): Promise<Verdict> {
  const { relay, bare, effort, load } = session;
  const ours = { requests: observeRequests(session, 1), leastBytes: HOT_BYTES };
  const theirs = { requests: withTokens(session, '/hot', hotBody(1)), leastBytes: HOT_BYTES };
  const warmUp = { warmUpMs: FIRST_WARM_UP_MS, windowMs: 0 };
  await load(relay, { ...ours, ...warmUp });
  await load(bare, { ...theirs, ...warmUp });
  const pairs = await interleave(
    effort.pairs,
    () => load(relay, ours),
    () => load(bare, theirs),
  );
  return {
    name: 'hot observe, requests/s, relay : bare',
    value: median(ratios(pairs, (one) => one.perSecond)),
    atLeast: LIMITS.hot,
    details: pairDetails(pairs),
  };
}

/** Links only: no token, no cache. What is left is the framework and the log. */
export async function refer({ relay, bare, effort, load }: Session): Promise<Verdict> {
  const pairs = await interleave(
    Math.ceil(effort.pairs / 2),
    () => load(relay, { requests: [postRequest('/refer/observables', REFER_BODY)] }),
    () => load(bare, { requests: [postRequest('/plain', REFER_BODY)] }),
  );
  return {
    name: 'refer, requests/s, relay : bare',
    value: median(ratios(pairs, (one) => one.perSecond)),
    atLeast: LIMITS.refer,
    details: pairDetails(pairs),
  };
}

/** 50 held domains in one call against one in one call: what a call costs beside its answers. */
export async function batch(session: Session): Promise<Verdict> {
  const { relay, effort, load } = session;
  const count = HOT_NAMES.length;
  const pairs = await interleave(
    Math.ceil(effort.pairs / 2),
    () => load(relay, { requests: observeRequests(session, count), leastBytes: count * HOT_BYTES }),
    () => load(relay, { requests: observeRequests(session, 1), leastBytes: HOT_BYTES }),
  );
  return {
    name: `${count} observables in a call, CPU, as a multiple of one`,
    value: median(ratios(pairs, (one) => one.cpuMicros)),
    atMost: LIMITS.batch,
    details: [sideLine(`${count} in a call`, pairs.ours), sideLine('1 in a call', pairs.theirs)],
  };
}

/** Never asked before: one call at a time, two upstream calls behind each. */
export async function coldObserve(session: Session): Promise<Verdict> {
  const { relay, stand, effort, load, tokens } = session;
  const names = Array.from({ length: effort.coldCalls }, (_, index) => `cold-${index}.example.com`);
  const history = historyOf(stand.simulator.today());
  for (const name of names) {
    stand.simulator.setHistory(name, 'a', history);
    stand.simulator.setHistory(name, 'aaaa', []);
  }
  const once = { connections: 1, once: true, warmUpMs: 0, windowMs: 30_000 };
  const ours = await load(relay, {
    ...once,
    requests: names.map((name) =>
      postRequest('/observe/observables', domainsBody([name]), tokens[0]),
    ),
  });
  const upstream = { port: stand.simulator.port, pid: process.pid };
  const theirs = await load(upstream, {
    ...once,
    requests: names.map((name) => upstreamRequest(`/v1/history/${name}/dns/a?page=1`, API_KEY)),
  });
  return {
    name: "cold observe, p50 beyond the upstream's own, ms",
    value: ours.p50 - theirs.p50,
    atMost: LIMITS.coldMs,
    details: [sideLine('relay', [ours]), sideLine('upstream', [theirs])],
  };
}

function pairDetails(pairs: Pairs): readonly string[] {
  const cpu = ratios(pairs, (one) => 1 / one.cpuMicros);
  return [
    sideLine('relay', pairs.ours),
    sideLine('bare', pairs.theirs),
    `pairs: ${ratios(pairs, (one) => one.perSecond)
      .map(twoPlaces)
      .join(' ')}; ` +
      `by CPU a request: ${twoPlaces(median(cpu))} (${cpu.map(twoPlaces).join(' ')})`,
  ];
}

function twoPlaces(value: number): string {
  return value.toFixed(2);
}

function hotBody(count: number): string {
  return domainsBody(HOT_NAMES.slice(0, count));
}

function observeRequests(session: Session, count: number): readonly string[] {
  return withTokens(session, '/observe/observables', hotBody(count));
}

function withTokens({ tokens }: Session, path: string, body: string): readonly string[] {
  return tokens.map((token) => postRequest(path, body, token));
}
