import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { dateOf, dayOf } from '../time/calendar.js';
import type { HistoryRecord } from './history-record.js';
import { NAMED_HOSTS } from './named-hosts.js';
import { RECORD_TYPES } from './record-type.js';
import { World } from './world.js';

const EPOCH = dayOf('2026-03-10');
const anyHost = fc.oneof(
  fc.constantFrom(...NAMED_HOSTS.map(({ host }) => host)),
  fc.domain(),
  fc.constant('www-00012.ip-192-0-2-17-net.example.net'),
);
const anyType = fc.constantFrom(...RECORD_TYPES);
const anyDay = fc.integer({ min: EPOCH, max: EPOCH + 1500 });
const anySeed = fc.integer({ min: 0, max: 5 });

function addressesOf(records: readonly HistoryRecord[]): string[] {
  return records.flatMap(({ values }) =>
    values.map((value) => String(value['ip'] ?? value['ipv6'])),
  );
}

describe('the world over time', () => {
  it('gives the same answer for the same seed, name, type and day', () => {
    fc.assert(
      fc.property(anySeed, anyHost, anyType, anyDay, (seed, host, type, day) => {
        const first = new World(seed, EPOCH).history(host, type, day);
        const again = new World(seed, EPOCH);
        again.history(host, type, day + 40);
        expect(again.history(host, type, day)).toEqual(first);
      }),
    );
  });

  it('orders intervals newest first, without overlap', () => {
    fc.assert(
      fc.property(anySeed, anyHost, anyType, anyDay, (seed, host, type, day) => {
        const records = new World(seed, EPOCH).history(host, type, day);
        const borders = records.flatMap((record) => [record.last_seen ?? '', record.first_seen]);
        const starts = records.map((record) => record.first_seen);
        expect([dateOf(day), ...borders]).toEqual([dateOf(day), ...borders].sort().reverse());
        expect(new Set(starts).size).toBe(starts.length);
      }),
    );
  });

  it('only moves the running last_seen and adds intervals at the head as days pass', () => {
    const anyStep = fc.integer({ min: 1, max: 900 });
    fc.assert(
      fc.property(anyHost, anyType, anyDay, anyStep, (host, type, day, step) => {
        const world = new World(1, EPOCH);
        const before = world.history(host, type, day);
        const after = world.history(host, type, day + step);
        const kept = after.slice(after.length - before.length);
        expect(after.length).toBeGreaterThanOrEqual(before.length);
        expect(kept.slice(1)).toEqual(before.slice(1));
        expect({ ...kept[0], last_seen: '' }).toEqual({ ...before[0], last_seen: '' });
        expect(String(kept[0]?.last_seen) >= String(before[0]?.last_seen)).toBe(true);
      }),
    );
  });

  it('keeps what a client holds when it is started again on a later day', () => {
    for (const { host } of NAMED_HOSTS.filter((named) => !named.host.startsWith('new.'))) {
      const day = EPOCH + 31;
      const held = new World(1, EPOCH).history(host, 'a', day);
      const restarted = new World(1, day).history(host, 'a', day);
      expect(held.slice(0, restarted.length)).toEqual(restarted);
    }
  });

  it('draws addresses from the documentation blocks only', () => {
    const form = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:/;
    fc.assert(
      fc.property(anyHost, fc.constantFrom('a' as const, 'aaaa' as const), (host, type) => {
        const addresses = addressesOf(new World(1, EPOCH).history(host, type, EPOCH));
        expect(addresses.filter((address) => !form.test(address))).toEqual([]);
      }),
    );
  });

  it('writes IPv6 addresses in their canonical form', () => {
    const addresses = addressesOf(new World(1, EPOCH).history('long.example.com', 'aaaa', EPOCH));
    const canonical = addresses.map((address) => new URL(`http://[${address}]/`).hostname);
    expect(addresses.map((address) => `[${address}]`)).toEqual(canonical);
  });

  it('differs from seed to seed', () => {
    const histories = [1, 2].map((seed) =>
      new World(seed, EPOCH).history('moved.example.com', 'a', EPOCH),
    );
    expect(histories[0]).not.toEqual(histories[1]);
  });
});

describe('derived names', () => {
  const world = new World(1, EPOCH);
  const hosts = Array.from({ length: 2000 }, (_, at) => `host-${at}.test`);
  const known = hosts.filter((host) => world.history(host, 'a', EPOCH).length > 0);

  it('have nothing for about one name in ten', () => {
    expect(known.length / hosts.length).toBeGreaterThan(0.86);
    expect(known.length / hosts.length).toBeLessThan(0.94);
  });

  it('have IPv6 for about half of the known names', () => {
    const both = known.filter((host) => world.history(host, 'aaaa', EPOCH).length > 0);
    expect(both.length / known.length).toBeGreaterThan(0.44);
    expect(both.length / known.length).toBeLessThan(0.56);
  });

  it('have name servers at the apex only', () => {
    const [apex = ''] = known;
    expect(world.history(apex, 'ns', EPOCH)).not.toEqual([]);
    expect(world.history(`www.${apex}`, 'ns', EPOCH)).toEqual([]);
    expect(world.history('www.shop.co.uk', 'ns', EPOCH)).toEqual([]);
  });

  it('have nothing when the name is an address', () => {
    expect(world.history('192.0.2.1', 'a', EPOCH)).toEqual([]);
  });
});

describe('named hosts', () => {
  const world = new World(1, EPOCH);
  const a = (host: string) => world.history(`${host}.example.com`, 'a', EPOCH);
  const sets = (records: readonly HistoryRecord[]) =>
    records.map((record) => addressesOf([record]).join(' '));

  it('moved: never stays with its hoster', () => {
    const owners = a('moved').map(({ organizations }) => organizations.join());
    expect(owners.length).toBeGreaterThan(4);
    expect(owners.every((owner, at) => owner !== owners[at + 1])).toBe(true);
  });

  it('cdn: 240 intervals of four sets that come back', () => {
    expect(a('cdn')).toHaveLength(240);
    expect(new Set(sets(a('cdn'))).size).toBe(4);
  });

  it('returning: equal neighbours, gaps and empty answers', () => {
    const records = a('returning');
    const seen = sets(records);
    expect(new Set(seen).size).toBe(3);
    expect(seen).toContain('');
    expect(seen.some((set, at) => set === seen[at + 1])).toBe(true);
    const gaps = records.slice(1).map((older, at) => {
      const newer = records[at];
      return dayOf(newer?.first_seen ?? '') - dayOf(older.last_seen ?? '');
    });
    expect(gaps).toEqual(expect.arrayContaining([0, 1]));
    expect(Math.max(...gaps)).toBeGreaterThan(1);
  });

  it('long: 432 intervals over 19 addresses', () => {
    expect(a('long')).toHaveLength(432);
    expect(new Set(sets(a('long'))).size).toBe(19);
  });

  it('quiet: one interval for years', () => {
    expect(a('quiet')).toMatchObject([{ first_seen: '2015-06-01', last_seen: '2026-03-10' }]);
  });

  it('new: one interval since the day before', () => {
    expect(a('new')).toMatchObject([{ first_seen: '2026-03-09', last_seen: '2026-03-10' }]);
  });

  it('v6: IPv6 only', () => {
    expect(a('v6')).toEqual([]);
    expect(world.history('v6.example.com', 'aaaa', EPOCH).length).toBeGreaterThan(3);
  });

  it('nothing: no records of any type', () => {
    const all = RECORD_TYPES.flatMap((type) => world.history('nothing.example.com', type, EPOCH));
    expect(all).toEqual([]);
  });
});

describe('the reverse list', () => {
  const world = new World(1, EPOCH);

  it('has sorted, distinct names that point back to the address', () => {
    const list = world.hosts('192.0.2.10', EPOCH);
    const names = list.slice(0, list.count).filter(({ rank }) => rank === null);
    const hostnames = names.map(({ hostname }) => hostname);
    expect(hostnames.length).toBeGreaterThan(5);
    expect([...new Set(hostnames)].sort()).toEqual(hostnames);
    const back = addressesOf(world.history(hostnames[3] ?? '', 'a', EPOCH));
    expect(back).toEqual(['192.0.2.10']);
  });

  it('points back for IPv6, too', () => {
    const [first] = world.hosts('2001:db8:20:1::1', EPOCH).slice(0, 1);
    const back = addressesOf(world.history(first?.hostname ?? '', 'aaaa', EPOCH));
    expect(back).toEqual(['2001:db8:20:1::1']);
    expect(world.history(first?.hostname ?? '', 'a', EPOCH)).toEqual([]);
  });

  it('names a host with a character first, as long as it is there', () => {
    const [address = ''] = addressesOf(world.history('quiet.example.com', 'a', EPOCH));
    expect(world.hosts(address, EPOCH).slice(0, 1)).toEqual([
      { hostname: 'quiet.example.com', rank: 1000 },
    ]);
    world.setHistory('quiet.example.com', 'a', []);
    expect(world.hosts(address, EPOCH).slice(0, 1)).not.toMatchObject([{ rank: 1000 }]);
    world.setHistory('quiet.example.com', 'a', null);
    expect(world.hosts(address, EPOCH).slice(0, 1)).toMatchObject([{ rank: 1000 }]);
  });

  it('ends a slice with the list', () => {
    const list = world.hosts('192.0.2.100', EPOCH);
    expect(list.slice(40_740, 100)).toHaveLength(1);
    expect(list.slice(40_741, 100)).toEqual([]);
  });
});
