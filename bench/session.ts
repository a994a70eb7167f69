import { historyOf } from './histories.js';
import type { LoadFigures, LoadOrder } from './load-order.js';
import { domainsBody, post } from './requests.js';
import { API_KEY, Stand } from './stand.js';
import type { Target } from './stand.js';

/** How long and how often to measure. */
export interface Effort {
  readonly pairs: number;
  readonly windowMs: number;
  readonly coldCalls: number;
}

export const FULL: Effort = { pairs: 7, windowMs: 4_000, coldCalls: 400 };
export const QUICK: Effort = { pairs: 3, windowMs: 1_500, coldCalls: 100 };

/** How many different tokens a load goes through: the platform makes one for each call. */
const TOKENS = 256;
const CONNECTIONS = 32;
/** Before every window, for the compiler to settle after another kind of load. */
const WARM_UP_MS = 700;
/** Before the first window of a side. */
export const FIRST_WARM_UP_MS = 3_000;

export const HOT_NAMES = Array.from({ length: 50 }, (_, index) => `hot-${index}.example.com`);
export const REFER_BODY = domainsBody(['hot-0.example.com']);

/** What the scenarios share: both servers, warm, and tokens. */
export interface Session {
  readonly stand: Stand;
  readonly relay: Target;
  readonly bare: Target;
  readonly tokens: readonly string[];
  readonly effort: Effort;
  /** Loads a target with 32 connections unless the order says otherwise. */
  readonly load: (
    target: Target,
    order: Pick<LoadOrder, 'requests'> & Partial<LoadOrder>,
  ) => Promise<LoadFigures>;
}

/** Starts everything and fills the cache with domains of 100 relations each. */
export async function openSession(
  effort: Effort,
  relayFlags: readonly string[] = [],
): Promise<Session> {
  const stand = await Stand.start();
  const tokens = stand.platform.tokens(TOKENS, API_KEY);
  const first = tokens[0] ?? '';
  const today = stand.simulator.today();
  for (const name of HOT_NAMES) {
    stand.simulator.setHistory(name, 'a', historyOf(today));
    stand.simulator.setHistory(name, 'aaaa', []);
  }
  const relay = await stand.relay(relayFlags);
  await post(relay.port, '/observe/observables', domainsBody(HOT_NAMES), first);
  const hot = await post(
    relay.port,
    '/observe/observables',
    domainsBody(HOT_NAMES.slice(0, 1)),
    first,
  );
  const plain = await post(relay.port, '/refer/observables', REFER_BODY);
  const bare = await stand.bare(hot, plain);
  return {
    stand,
    relay,
    bare,
    tokens,
    effort,
    load: (target, order) =>
      stand.load({
        port: target.port,
        serverPid: target.pid,
        connections: CONNECTIONS,
        windowMs: effort.windowMs,
        warmUpMs: WARM_UP_MS,
        once: false,
        leastBytes: 1,
        ...order,
      }),
  };
}
