import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DEPLOYMENT } from '#watching';

import { Redis } from 'ioredis';

import type { ContactBook } from '../support/contacts.js';
import { openContactBook } from '../support/contacts.js';
import { eventually } from '../support/eventually.js';
import { asDomains, asIps, observe } from '../support/observing.js';
import { AUDIENCE, startPlatform } from '../support/platform.js';
import type { Platform } from '../support/platform.js';
import { post, startStack } from '../support/relay-stack.js';
import type { Environment, RelayStack } from '../support/relay-stack.js';
import { valueOf } from '../support/watch-world.js';
import { watchingOver } from '../support/watching-over.js';

/** Names and addresses that must be left alone, loopback ones and those learned from upstream too. */
const NAMES = ['watched.example.com', 'b\u00fccher.example', 'localhost', 'unknown.example.net'];
const ADDRESSES = ['192.0.2.80', '127.0.0.1', '198.51.100.9'];
const LOOPBACK = { type: 'ipv6', value: '::1' } as const;
const OLD = 'stale.example.com';

/** What a careless source would do with every value that it asks upstream about. */
const CARELESS = `
import { subscribe } from 'node:diagnostics_channel';
import { lookup } from 'node:dns';
import { connect } from 'node:net';
subscribe('undici:request:create', ({ request }) => {
  const [, name] = /^.v1.history.([^/]+).dns/.exec(request.path) ?? [];
  const [, address] = /"ipv4":"([^"]+)"/.exec(String(request.body)) ?? [];
  if (name !== undefined) lookup(name, () => undefined);
  if (address !== undefined) connect(443, address).on('error', () => undefined).unref();
});`;

let book: ContactBook;
let platform: Platform;
let stack: RelayStack | undefined;

beforeEach(async () => {
  [book, platform] = await Promise.all([openContactBook(), startPlatform()]);
});

afterEach(async () => {
  await stack?.stop();
  await platform.stop();
  await book[Symbol.asyncDispose]();
});

/** The host of the platform's keys, by a name, so that it has to be looked up. */
function jwksHost(): string {
  return platform.jwks.host.replace('127.0.0.1', 'localhost');
}

async function start(relayEnv: Environment): Promise<RelayStack> {
  stack = await startStack({
    env: {
      PUBLIC_URL: AUDIENCE,
      JWKS_HOSTS: jwksHost(),
      CACHE_FRESH_SECONDS: '1',
      CACHE_STALE_SECONDS: '600',
      ...relayEnv,
    },
  });
  return stack;
}

/** What analysts do, with both kinds of tokens, while upstream is well and while it is not. */
async function analysts({ relay, simulator }: RelayStack): Promise<void> {
  const [address = ''] = ADDRESSES.slice(-1);
  simulator.setHistory('watched.example.com', 'a', [
    { first_seen: '2026-01-01', values: [address] },
  ]);
  const all = [...asDomains(...NAMES), ...asIps(...ADDRESSES), LOOPBACK];
  await observe(relay.url, all);
  const authorization = `Bearer ${platform.token({ jwks_host: jwksHost() })}`;
  await post(relay.url, '/deliberate/observables', all, { authorization });
  await post(relay.url, '/observe/observables', all, { authorization });
  await post(relay.url, '/refer/observables', all, {});
  simulator.fault({ kind: 'status', status: 500, times: 3 });
  await observe(relay.url, asDomains('failing.example.org'));
  simulator.clearFaults();
}

/** The worker refreshes what the relay serves stale. */
async function staleRefresh({ relay, simulator }: RelayStack): Promise<void> {
  const calls = () => simulator.requests().filter(({ subject }) => subject === OLD).length;
  const told = async () => {
    const { docs } = await observe(relay.url, asDomains(OLD));
    return docs[0]?.short_description ?? '';
  };
  await told();
  const before = calls();
  await eventually(told, (text) => text.includes('being refreshed'));
  await eventually(calls, (count) => count > before);
}

/** The worker fetches and refreshes what is watched. */
async function watched({ redis, simulator }: RelayStack): Promise<void> {
  const connection = new Redis(redis.url);
  const watching = watchingOver(connection);
  const list = valueOf(await watching.lists.create({ name: 'Left alone' }, 'test'));
  const observables = [
    ...NAMES.slice(0, 1).map((value) => ({ type: 'domain', value }) as const),
    ...ADDRESSES.map((value) => ({ type: 'ip', value }) as const),
    LOOPBACK,
  ];
  const wishes = observables.map((observable) => ({ observable }));
  valueOf(await watching.members.add(list.id, wishes, 'test'));
  const refreshed = async (since: number) => {
    const { items } = await watching.reader.page(list, { first: 100 });
    return items.filter(({ lastRefreshedAt }) => (lastRefreshedAt ?? 0) >= since).length;
  };
  const all = (count: number) => count === observables.length;
  await eventually(() => refreshed(1), all);
  simulator.pushInterval('watched.example.com', 'a', { values: ['203.0.113.80'] });
  const since = Date.now();
  await watching.refreshNow.refreshWatchlist(list);
  await eventually(() => refreshed(since), all);
  expect(await watching.changes.count({ tenant: DEPLOYMENT })).toBeGreaterThan(0);
  await watching.close();
  connection.disconnect();
}

describe('the service', () => {
  it('looks up and contacts nobody but Redis, SecurityTrails and the hosts of allowed keys', async () => {
    const running = await start(book.env('relay'));
    const { redis, simulator } = running;
    await running.add('worker', book.env('worker'));
    await analysts(running);
    await staleRefresh(running);
    await watched(running);
    await running.stop();
    const [redisAt, apiAt] = [redis.port, simulator.port].map((port) => `127.0.0.1:${port}`);
    await expect(book.read('worker')).resolves.toEqual(
      [`connect ${apiAt}`, `connect ${redisAt}`].sort(),
    );
    await expect(book.read('relay')).resolves.toEqual(
      [
        `connect ${apiAt}`,
        `connect ${redisAt}`,
        `connect ${platform.jwks.host}`,
        'look up localhost',
      ].sort(),
    );
  }, 30_000);

  it('would be caught looking up or contacting what it is asked about', async () => {
    const { relay } = await start(book.env('relay', CARELESS));
    await observe(relay.url, [...asDomains('watched.example.com'), ...asIps('192.0.2.80')]);
    const contacts = await book.read('relay');
    expect(contacts).toContain('look up watched.example.com');
    expect(contacts).toContain('connect 192.0.2.80:443');
  }, 30_000);
});
