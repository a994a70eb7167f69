import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { Platform } from '../support/platform.js';
import { startPlatform } from '../support/platform.js';
import type { RawAnswer, RawRequest } from '../support/raw-request.js';
import { sendRaw } from '../support/raw-request.js';
import type { RelayStack } from '../support/relay-stack.js';
import { startStack, token } from '../support/relay-stack.js';

const BODY_LIMIT = 1_048_576;

/** What was sent, and the JSON text of the refusal (relay-protocol 1.3). */
const REFUSED: readonly (readonly [what: string, body: string, text: string])[] = [
  ['text that is not JSON', 'shop.example', '{"_schema": ["Invalid input type."]}'],
  ['half of a list', '[{"type":"ip"', '{"_schema": ["Invalid input type."]}'],
  ['an empty body', '', '{"_schema": ["Invalid input type."]}'],
  ['null', 'null', '{"_schema": ["Invalid input type."]}'],
  ['an empty object', '{}', '{"_schema": ["Invalid input type."]}'],
  [
    'an observable outside a list',
    '{"type":"ip","value":"192.0.2.1"}',
    '{"_schema": ["Invalid input type."]}',
  ],
  ['a string', '"ip"', '{"_schema": ["Invalid input type."]}'],
  ['a number', '1', '{"_schema": ["Invalid input type."]}'],
  ['true', 'true', '{"_schema": ["Invalid input type."]}'],
  ['an item that is a number', '[1]', '{"0": {"_schema": ["Invalid input type."]}}'],
  ['an item that is null', '[null]', '{"0": {"_schema": ["Invalid input type."]}}'],
  ['an item that is a list', '[[]]', '{"0": {"_schema": ["Invalid input type."]}}'],
  [
    'an item without value',
    '[{"type":"ip"}]',
    '{"0": {"value": ["Missing data for required field."]}}',
  ],
  [
    'an item without type',
    '[{"value":"192.0.2.1"}]',
    '{"0": {"type": ["Missing data for required field."]}}',
  ],
  [
    'an empty item',
    '[{}]',
    '{"0": {"type": ["Missing data for required field."], "value": ["Missing data for required field."]}}',
  ],
  ['an empty value', '[{"type":"ip","value":""}]', '{"0": {"value": ["Field may not be blank."]}}'],
  [
    'an empty type',
    '[{"type":"","value":"192.0.2.1"}]',
    '{"0": {"type": ["Field may not be blank."]}}',
  ],
  [
    'a value of null',
    '[{"type":"ip","value":null}]',
    '{"0": {"value": ["Field may not be null."]}}',
  ],
  ['a number as value', '[{"type":"ip","value":1}]', '{"0": {"value": ["Not a valid string."]}}'],
  ['false as value', '[{"type":"ip","value":false}]', '{"0": {"value": ["Not a valid string."]}}'],
  ['a list as value', '[{"type":"ip","value":[]}]', '{"0": {"value": ["Not a valid string."]}}'],
  ['an object as value', '[{"type":"ip","value":{}}]', '{"0": {"value": ["Not a valid string."]}}'],
  [
    'faults in both fields',
    '[{"value":null,"type":5}]',
    '{"0": {"type": ["Not a valid string."], "value": ["Field may not be null."]}}',
  ],
  [
    'a good item before a bad one',
    '[{"type":"ip","value":"192.0.2.1"},{"type":"ip","value":""}]',
    '{"1": {"value": ["Field may not be blank."]}}',
  ],
  [
    'several bad items',
    '[{"type":"ip","value":""},{"type":"ip","value":"192.0.2.1"},7]',
    '{"0": {"value": ["Field may not be blank."]}, "2": {"_schema": ["Invalid input type."]}}',
  ],
  [
    'an item that hides its fields in its prototype',
    '[{"__proto__":{"type":"ip","value":"192.0.2.1"}}]',
    '{"0": {"type": ["Missing data for required field."], "value": ["Missing data for required field."]}}',
  ],
];

let platform: Platform;
let stack: RelayStack;

beforeAll(async () => {
  platform = await startPlatform();
  stack = await startStack({ env: platform.env });
}, 30_000);

afterAll(async () => {
  await stack.stop();
  await platform.stop();
});

beforeEach(() => {
  stack.simulator.resetCounters();
});

function send(path: string, rest: Partial<RawRequest>): Promise<RawAnswer> {
  const headers = { authorization: `Bearer ${token()}`, ...rest.headers };
  return sendRaw(stack.relay.url, { path, ...rest, headers });
}

function observe(body: string | readonly string[], headers = {}): Promise<RawAnswer> {
  return send('/observe/observables', { body, headers });
}

function refusal(text: string, mode: 'v1' | 'v2'): object {
  const message = `Invalid JSON payload received. ${text}`;
  const errors = [{ code: 'invalid argument', message, type: 'fatal' }];
  return mode === 'v1' ? { data: {}, errors } : { errors };
}

function listOf(count: number, type = 'url'): object[] {
  return Array.from({ length: count }, (_, index) => ({ type, value: `192.0.2.${index}` }));
}

describe('a list of observables that is refused', () => {
  it.each(REFUSED)('for %s: in the words of v1', async (_what, body, text) => {
    const { status, text: answer } = await observe(body);
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toEqual(refusal(text, 'v1'));
  });

  it.each(REFUSED)('for %s: in the words of v2, without data', async (_what, body, text) => {
    const { status, text: answer } = await observe(body, {
      authorization: `Bearer ${platform.token()}`,
    });
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toEqual(refusal(text, 'v2'));
  });

  it.each(REFUSED)('for %s: by refer too', async (_what, body, text) => {
    const { status, text: answer } = await send('/refer/observables', { body });
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toHaveProperty('errors', [
      {
        code: 'invalid argument',
        message: `Invalid JSON payload received. ${text}`,
        type: 'fatal',
      },
    ]);
  });

  it('is refused for its token first', async () => {
    const { text } = await sendRaw(stack.relay.url, { path: '/observe/observables', body: 'x' });
    expect(text).toContain('authorization error');
    expect(text).not.toContain('invalid argument');
  });

  it('costs no upstream call, its good items neither', async () => {
    await observe('[{"type":"ip","value":"192.0.2.1"},{"type":"ip","value":""}]');
    expect(stack.simulator.counters().total).toBe(0);
  });
});

describe('a list of observables that is taken', () => {
  it.each([
    ['[]', 'observe', '{"data":{}}'],
    ['[]', 'refer', '{"data":[]}'],
    ['[{"type":"ip","value":" "}]', 'observe', '{"data":{}}'],
    ['[{"type":"IP","value":"192.0.2.1"}]', 'observe', '{"data":{}}'],
    ['[{"type":"IP","value":"192.0.2.1"}]', 'refer', '{"data":[]}'],
    ['[{"type":"sha256","value":"0a"}]', 'observe', '{"data":{}}'],
    ['[{"type":"no such type","value":"x"}]', 'observe', '{"data":{}}'],
    ['[{"type":"constructor","value":"x"}]', 'refer', '{"data":[]}'],
  ])('%s yields nothing and costs no upstream call (%s)', async (body, call, expected) => {
    const { status, text } = await send(`/${call}/observables`, { body });
    expect([status, text]).toEqual([200, expected]);
    expect(stack.simulator.counters().total).toBe(0);
  });

  it('may have fields beyond type and value', async () => {
    stack.simulator.setHosts('192.0.2.7', ['a.example.com']);
    const { text } = await observe('[{"type":"ip","value":"192.0.2.7","extra":{"deep":[1]}}]');
    expect(JSON.parse(text)).toHaveProperty('data.sightings.count', 1);
    expect(text).not.toContain('extra');
  });

  it.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'no media type at all' },
    {},
  ])('is read as JSON whatever its type: %j', async (headers) => {
    const { text } = await observe('[{"type":"ip","value":""}]', headers);
    expect(JSON.parse(text)).toEqual(
      refusal('{"0": {"value": ["Field may not be blank."]}}', 'v1'),
    );
  });

  it('may come in chunks that cut a character in two', async () => {
    const whole = Buffer.from('[{"type":"domain","value":"é.example.com"}]');
    const response = await fetch(`${stack.relay.url}/refer/observables`, {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({
        start(stream) {
          const cut = whole.indexOf(0xc3) + 1;
          stream.enqueue(whole.subarray(0, cut));
          stream.enqueue(whole.subarray(cut));
          stream.close();
        },
      }),
    });
    await expect(response.json()).resolves.toHaveProperty(
      'data.0.id',
      'ref-securitytrails-search-domain-é.example.com',
    );
  });
});

describe('the limits of a list', () => {
  it('takes 1,000 observables', async () => {
    const { text } = await observe(JSON.stringify(listOf(1_000)));
    expect(text).toBe('{"data":{}}');
  });

  it('refuses 1,001 observables', async () => {
    const { text } = await observe(JSON.stringify(listOf(1_001, 'ip')));
    expect(JSON.parse(text)).toEqual(
      refusal('{"_schema": ["Longer than maximum length 1000."]}', 'v1'),
    );
    expect(stack.simulator.counters().total).toBe(0);
  });

  it('takes a body of 1 MiB', async () => {
    const { text } = await observe('[]'.padEnd(BODY_LIMIT));
    expect(text).toBe('{"data":{}}');
  });

  it.each([
    ['with its length', '[]'.padEnd(BODY_LIMIT + 1)],
    ['chunked', ['[]', ' '.repeat(BODY_LIMIT - 2), ' ']],
  ])('refuses a longer body, sent %s', async (_how, body) => {
    const { status, text } = await observe(body);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(
      refusal('{"_schema": ["Longer than maximum length 1048576 bytes."]}', 'v1'),
    );
  });

  it('cuts off a sender that goes on and on, and serves the next one', async () => {
    const endless = Array.from({ length: 16 }, () => ' '.repeat(BODY_LIMIT));
    await expect(observe(endless)).rejects.toThrow(/ECONNRESET|EPIPE|socket hang up/);
    await expect(observe('[]')).resolves.toMatchObject({ status: 200 });
  });

  it.each([
    ['as the list', '['.repeat(400_000) + ']'.repeat(400_000)],
    ['as a value', `[{"type":"ip","value":${'['.repeat(400_000)}${']'.repeat(400_000)}}]`],
    [
      'as an extra field',
      `[{"type":"ip","value":"","x":${'['.repeat(9_000)}${']'.repeat(9_000)}}]`,
    ],
  ])('refuses deep JSON %s without falling over', async (_where, body) => {
    const { status, text } = await observe(body);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toHaveProperty('errors.0.code', 'invalid argument');
    await expect(observe('[]')).resolves.toMatchObject({ status: 200, text: '{"data":{}}' });
  });
});
