import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { callsAbout, findingOf, perform } from './relay-calls.js';

describe('perform', () => {
  let server: Server;
  let url: string;
  let upstreamCalls: number;
  let answer: string;
  const received: unknown[] = [];

  beforeEach(async () => {
    upstreamCalls = 7;
    answer = '{"data":{}}';
    server = createServer((request, response) => {
      void json(request).then((body) => {
        received.push([request.method, request.url, request.headers.authorization, body]);
        upstreamCalls += 2;
        response.end(answer);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('sends the observable with the token and counts what went upstream', async () => {
    const [observe] = callsAbout('shop.example.com');
    const upstream = async (): Promise<number> => Promise.resolve(upstreamCalls);
    const result = await perform(observe!, { url, token: 'a.b.c' }, upstream);
    expect(received).toEqual([
      [
        'POST',
        '/observe/observables',
        'Bearer a.b.c',
        [{ type: 'domain', value: 'shop.example.com' }],
      ],
    ]);
    expect(result).toMatchObject({
      title: 'observe',
      status: 200,
      cache: 'miss',
      upstreamCalls: 2,
      finding: 'nothing known',
    });
  });

  it('takes from a stale answer itself for how many calls it waited', async () => {
    const words = 'from cache, 11 s old, being refreshed, pages 1 of 1, 0 upstream calls';
    answer = JSON.stringify({ data: { sightings: { docs: [{ short_description: words }] } } });
    const [observe] = callsAbout('shop.example.com');
    const upstream = async (): Promise<number> => Promise.resolve(upstreamCalls);
    const result = await perform(observe!, { url, token: 'a.b.c' }, upstream);
    expect(result).toMatchObject({ cache: 'stale', upstreamCalls: 0 });
  });

  it('says nothing of hit or miss when nobody counts', async () => {
    const [observe] = callsAbout('shop.example.com');
    const upstream = async (): Promise<undefined> => Promise.resolve(undefined);
    const result = await perform(observe!, { url, token: 'a.b.c' }, upstream);
    expect(Object.keys(result).sort()).toEqual(['finding', 'milliseconds', 'status', 'title']);
  });
});

describe('findingOf', () => {
  const relation = {
    relation: 'Resolved_To',
    source: { type: 'domain', value: 'shop.example.com' },
    related: { type: 'ip', value: '192.0.2.1' },
  };
  const dated = (address: string, first_seen: string, last_seen?: string): object => ({
    ...relation,
    related: { type: 'ip', value: address },
    relation_info: { first_seen, ...(last_seen !== undefined && { last_seen }) },
  });
  const sighted = (...relations: object[]): object => ({
    data: { sightings: { count: 1, docs: [{ relations }] } },
  });

  it.each([
    ['a relation', sighted(relation), 'shop.example.com Resolved_To 192.0.2.1'],
    [
      'the relation that lasted longest',
      sighted(
        dated('192.0.2.2', '2025-01-01', '2026-01-02'),
        dated('192.0.2.3', '2025-02-01', '2026-01-01'),
      ),
      'shop.example.com Resolved_To 192.0.2.2',
    ],
    [
      'the later one of two that were seen on one day last',
      sighted(
        dated('192.0.2.2', '2025-01-01', '2026-01-02'),
        dated('192.0.2.3', '2026-01-02', '2026-01-02'),
      ),
      'shop.example.com Resolved_To 192.0.2.3',
    ],
    [
      'the relation that goes on',
      sighted(dated('192.0.2.2', '2025-01-01'), dated('192.0.2.3', '2026-01-02', '2026-01-02')),
      'shop.example.com Resolved_To 192.0.2.2',
    ],
    ['the first link', { data: [{ url: 'https://example.com/a' }] }, 'https://example.com/a'],
    [
      'an error before anything else',
      { data: [], errors: [{ message: 'Wrong JWT structure' }] },
      'error: Wrong JWT structure',
    ],
    ['the absence of data', { data: {} }, 'nothing known'],
    ['the absence of links', { data: [] }, 'nothing'],
    ['a body that is none', null, 'nothing known'],
  ])('names %s', (_, body, expected) => {
    expect(findingOf(body)).toBe(expected);
  });
});
