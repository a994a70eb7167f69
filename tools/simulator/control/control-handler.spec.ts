import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../simulator.js';

const KEY = 'canary-key';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ now: '2026-03-10T12:00:00Z', keys: { [KEY]: {} } });
});

afterEach(async () => {
  await simulator.close();
});

async function control(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const url = new URL(path, simulator.url);
  const answer = await fetch(url, body === undefined ? { method } : { method, body: text });
  return { status: answer.status, text: await answer.text() };
}

async function done(method: string, path: string, body?: unknown) {
  const { status, text } = await control(method, path, body);
  expect(status).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
}

async function ask(path: string) {
  return fetch(`${simulator.url}${path}`, { headers: { apikey: KEY } });
}

describe('controls over HTTP', () => {
  it('explain themselves', async () => {
    const help = await control('GET', '/_sim/');
    expect(help.text).toContain('POST   /_sim/advance');
    expect(await done('GET', '/_sim/world')).toMatchObject({
      today: '2026-03-10',
      hosts: expect.arrayContaining([expect.objectContaining({ ask: 'moved.example.com' })]),
      addresses: expect.arrayContaining([expect.objectContaining({ ask: '192.0.2.100' })]),
    });
  });

  it('name only things that are there', async () => {
    const { hosts } = (await done('GET', '/_sim/world')) as { hosts: { ask: string }[] };
    const known = hosts.map(({ ask: host }) => host).filter((host) => /^[a-z0-9.]+$/.test(host));
    const answers = await Promise.all(known.map((host) => ask(`/domain/${host}`)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([404]);
  });

  it('advance the time', async () => {
    expect(await done('POST', '/_sim/advance', { days: 30 })).toEqual({ today: '2026-04-09' });
  });

  it('give histories, intervals and hosts', async () => {
    const at = { host: 'a.example.com', type: 'a' };
    const older = { first_seen: '2020-01-01', last_seen: '2021-01-01', values: ['192.0.2.1'] };
    await done('POST', '/_sim/history', { ...at, intervals: [older] });
    await done('POST', '/_sim/intervals', { ...at, interval: { values: ['192.0.2.2'] } });
    expect(await (await ask('/history/a.example.com/dns/a')).json()).toMatchObject({
      records: [
        { first_seen: '2026-03-10', last_seen: '2026-03-10', values: [{ ip: '192.0.2.2' }] },
        { first_seen: '2020-01-01', last_seen: '2021-01-01' },
      ],
    });
    const hosts = { address: '192.0.2.1', hostnames: ['a.example.com'] };
    expect(await done('POST', '/_sim/hosts', hosts)).toEqual({ address: '192.0.2.1' });
  });

  it('add, show and clear faults', async () => {
    await done('POST', '/_sim/faults', { kind: 'status', status: 503, match: { key: KEY } });
    expect((await ask('/ping')).status).toBe(503);
    const shown = await control('GET', '/_sim/faults');
    expect(JSON.parse(shown.text)).toMatchObject([{ rule: { kind: 'status' }, hits: 1 }]);
    expect(shown.text).not.toContain(KEY);
    await done('DELETE', '/_sim/faults');
    expect((await ask('/ping')).status).toBe(200);
  });

  it('set limits of a key and revoke it, without repeating it', async () => {
    const set = await control('PUT', '/_sim/keys', { key: KEY, monthly: 5, used: 5 });
    expect(set).toEqual({ status: 200, text: JSON.stringify({ key: simulator.digestOf(KEY) }) });
    expect((await ask('/ping')).status).toBe(429);
    await done('PUT', '/_sim/keys', { key: KEY, revoked: true });
    expect((await ask('/ping')).status).toBe(401);
  });

  it('show and reset requests and counters', async () => {
    await ask('/ping');
    const { text } = await control('GET', '/_sim/requests');
    expect(JSON.parse(text)).toMatchObject([{ endpoint: 'ping', status: 200 }]);
    expect(await done('GET', '/_sim/counters')).toMatchObject({ total: 1, byStatus: { '200': 1 } });
    expect(await done('DELETE', '/_sim/counters')).toMatchObject({ total: 0 });
  });
});

describe('wrong input over HTTP', () => {
  it.each([
    ['POST', 'advance', { days: 0 }, 'days'],
    ['POST', 'advance', {}, 'days'],
    ['POST', 'advance', 'no JSON', 'body'],
    ['POST', 'advance', [], 'body'],
    ['POST', 'faults', { kind: 'odd' }, 'kind'],
    ['POST', 'faults', { kind: 'delay', delay: 5 }, 'delay'],
    ['POST', 'faults', { kind: 'delay', match: { page: 0 } }, 'match.page'],
    ['POST', 'faults', { kind: 'status', status: 99 }, 'status'],
    ['POST', 'history', { host: 'a b', type: 'a', intervals: [] }, 'host'],
    ['POST', 'history', { host: 'a.example', type: 'cname', intervals: [] }, 'type'],
    [
      'POST',
      'history',
      { host: 'a.example', type: 'a', intervals: [{ first_seen: '2024-02-30', values: [] }] },
      'intervals.0.first_seen',
    ],
    ['POST', 'intervals', { host: 'a.example', type: 'a', interval: {} }, 'interval.values'],
    ['POST', 'hosts', { address: '192.0.2.256', hostnames: [] }, 'address'],
    ['POST', 'hosts', { address: '192.0.2.1', hostnames: ['!'] }, 'hostnames.0'],
    ['PUT', 'keys', { key: 'canary key' }, 'key'],
    ['PUT', 'keys', { key: 'k', perSecond: 0 }, 'perSecond'],
    ['PUT', 'keys', { key: 'k', revoked: false }, 'revoked'],
  ])('%s %s %j is refused because of %s', async (method, path, body, field) => {
    const { status, text } = await control(method, `/_sim/${path}`, body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      code: 'simulator_input',
      field,
      reason: expect.stringMatching(/\w/),
    });
    expect(text).not.toContain('canary');
  });

  it('refuses a body that is too long, and says so', async () => {
    const { status, text } = await control('POST', '/_sim/history', 'x'.repeat(9_000_000));
    expect(status).toBe(400);
    expect(text).toContain('must not be longer than');
  });

  it('tells a wrong method from a wrong path', async () => {
    expect(await control('DELETE', '/_sim/advance')).toMatchObject({
      status: 405,
      text: expect.stringContaining('POST /_sim/advance'),
    });
    expect(await control('GET', '/_sim/nothing')).toMatchObject({ status: 404 });
  });
});
