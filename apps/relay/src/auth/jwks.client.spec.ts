import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { JwksFault } from './auth.errors.js';
import { JwksClient } from './jwks.client.js';
import { jwksUrls } from './jwks-hosts.js';
import { JwksServer } from './testing/jwks-server.js';
import { TestClock } from './testing/test-clock.js';
import { platformKey } from './testing/token-forge.js';
import type { PlatformKey } from './testing/token-forge.js';

const MINUTE = 60_000;
const UNREADABLE = { reason: 'wrong-jwks-host' };
const UNKNOWN = { reason: 'unknown-kid' };

let one: PlatformKey;
let two: PlatformKey;
let server: JwksServer;
let clock: TestClock;
let faults: JwksFault[];
let client: JwksClient;

beforeAll(() => {
  one = platformKey('one');
  two = platformKey('two');
});

beforeEach(async () => {
  server = await JwksServer.start();
  server.serve([one.jwk]);
  clock = new TestClock();
  faults = [];
  client = clientOf([server.host]);
});

afterEach(() => server.stop());

function clientOf(hosts: readonly string[], timeoutMs?: number): JwksClient {
  const onFault = (_host: string, fault: JwksFault): void => void faults.push(fault);
  return new JwksClient({ hosts, fetch, now: clock.now, timeoutMs, onFault });
}

function key(kid: string): Promise<unknown> {
  return client.keyFor(server.host, kid);
}

describe('a key set that answers', () => {
  it('is asked once at its well-known address and serves its keys from then on', async () => {
    const found = await client.keyFor(server.host, 'one');
    expect(found.equals(one.publicKey)).toBe(true);
    await expect(key('one')).resolves.toBe(found);
    expect(server.calls).toEqual(['/.well-known/jwks']);
  });

  it('is asked once for a thousand callers at once', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => key('one')));
    expect(server.calls).toHaveLength(1);
  });

  it('is asked once more for an unknown kid, when thirty seconds have passed', async () => {
    await key('one');
    server.serve([one.jwk, two.jwk]);
    await expect(key('two')).rejects.toMatchObject(UNKNOWN);
    clock.forward(30_000);
    await expect(key('two')).resolves.toBeDefined();
    expect(server.calls).toHaveLength(2);
  });

  it('costs at most three calls for 10000 unknown kids within a minute', async () => {
    for (let i = 0; i < 10_000; i += 1) {
      await expect(key(`made up ${i}`)).rejects.toMatchObject(UNKNOWN);
      clock.forward(6);
    }
    expect(server.calls.length).toBeLessThanOrEqual(3);
  });

  it('is refreshed ahead of its age without anyone waiting', async () => {
    const old = await key('one');
    clock.forward(8 * MINUTE);
    server.serve([one.jwk, two.jwk]);
    await expect(key('one')).resolves.toBe(old);
    await expect(key('two')).resolves.toBeDefined();
    expect(server.calls).toHaveLength(2);
  });

  it('is asked again before a key of ten minutes is used, so a withdrawn key stops', async () => {
    await key('one');
    clock.forward(10 * MINUTE);
    server.serve([two.jwk]);
    await expect(key('one')).rejects.toMatchObject(UNKNOWN);
  });

  it.each([
    '../../etc/passwd',
    'one\0',
    '\0',
    '__proto__',
    'constructor',
    'toString',
    '',
    ' one',
    'ONE',
    "' OR 1=1 --",
    'k'.repeat(10_240),
  ])('has no key under a kid made up by somebody', async (kid) => {
    await expect(key(kid)).rejects.toMatchObject(UNKNOWN);
  });

  it('blames the structure when the missing key may be the entry without kid', async () => {
    server.serve([one.jwk, { ...two.jwk, kid: undefined }]);
    await expect(key('one')).resolves.toBeDefined();
    await expect(key('two')).rejects.toMatchObject({ reason: 'payload-structure' });
  });
});

describe('a key set that fails', () => {
  it.each([400, 401, 403, 404, 500, 503])('is unreadable with HTTP %i', async (status) => {
    server.serve([one.jwk], status);
    await expect(key('one')).rejects.toMatchObject(UNREADABLE);
    expect(faults).toMatchObject([
      { code: 'unreachable', message: expect.stringContaining(`${status}`) },
    ]);
  });

  it.each([301, 302, 307, 308])(
    'is unreadable with a redirect %i, which is not followed',
    async (status) => {
      const other = await JwksServer.start();
      other.serve([one.jwk]);
      server.answer((_request, response) => {
        response.writeHead(status, { location: `http://${other.host}/.well-known/jwks` }).end();
      });
      await expect(key('one')).rejects.toMatchObject(UNREADABLE);
      expect(other.calls).toEqual([]);
      await other.stop();
    },
  );

  it.each([
    ['is HTML', '<html></html>', UNREADABLE],
    ['is empty', '', UNREADABLE],
    ['is larger than 64 KB', JSON.stringify({ keys: [], pad: 'x'.repeat(65_536) }), UNREADABLE],
    ['has no list of keys', '{"key":[]}', { reason: 'payload-structure' }],
    ['has keys without kid', '{"keys":[{"kty":"RSA"}]}', { reason: 'payload-structure' }],
  ])('is refused when its body %s', async (_name, body, expected) => {
    server.serve(body);
    await expect(key('one')).rejects.toMatchObject(expected);
  });

  it('is unreadable when the connection breaks', async () => {
    server.answer((request) => request.socket.destroy());
    await expect(key('one')).rejects.toMatchObject(UNREADABLE);
  });

  it('is unreadable when nobody listens', async () => {
    const gone = await JwksServer.start();
    const { host } = gone;
    await gone.stop();
    await expect(clientOf([host]).keyFor(host, 'one')).rejects.toMatchObject(UNREADABLE);
  });

  it('is unreadable when the headers never come', async () => {
    server.answer(() => undefined);
    const hurried = clientOf([server.host], 50);
    await expect(hurried.keyFor(server.host, 'one')).rejects.toMatchObject(UNREADABLE);
  });

  it('is unreadable when the body never ends', async () => {
    server.answer((_request, response) => response.write('{"keys":['));
    const hurried = clientOf([server.host], 50);
    await expect(hurried.keyFor(server.host, 'one')).rejects.toMatchObject(UNREADABLE);
  });

  it('costs one call for 10000 callers, then waits five seconds for the next', async () => {
    server.serve('', 503);
    for (let i = 0; i < 10_000; i += 1) {
      await expect(key('one')).rejects.toMatchObject(UNREADABLE);
    }
    expect(server.calls).toHaveLength(1);
    clock.forward(4_999);
    await expect(key('one')).rejects.toMatchObject(UNREADABLE);
    expect(server.calls).toHaveLength(1);
    clock.forward(1);
    server.serve([one.jwk]);
    await expect(key('one')).resolves.toBeDefined();
  });

  it('is asked less and less, down to every five minutes', async () => {
    server.serve('', 503);
    const waits: number[] = [];
    for (let second = 0; second <= 1_500; second += 1) {
      const before = server.calls.length;
      await expect(key('one')).rejects.toMatchObject(UNREADABLE);
      waits.push(...(server.calls.length > before ? [second] : []));
      clock.forward(1_000);
    }
    const gaps = waits.slice(1).map((second, i) => second - (waits[i] ?? 0));
    expect(gaps).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('starts over with short waits after it was well again', async () => {
    server.serve('', 503);
    await expect(key('one')).rejects.toMatchObject(UNREADABLE);
    clock.forward(5_000);
    server.serve([one.jwk]);
    await key('one');
    clock.forward(30_000);
    server.serve('', 503);
    await expect(key('two')).rejects.toMatchObject(UNREADABLE);
    clock.forward(5_000);
    server.serve([two.jwk]);
    await expect(key('two')).resolves.toBeDefined();
  });

  it('keeps waiting no longer than told when the clock is set back', async () => {
    server.serve('', 503);
    await expect(key('one')).rejects.toMatchObject(UNREADABLE);
    server.serve([one.jwk]);
    clock.forward(-60 * MINUTE);
    await expect(key('one')).resolves.toBeDefined();
  });

  it('gives its fault as the cause, without what it read', async () => {
    server.serve('canary-body', 200);
    await expect(key('one')).rejects.toMatchObject({ cause: { message: 'The JWKS is not JSON' } });
  });
});

describe('a key set that was good before it failed', () => {
  it.each([
    ['HTTP 500', '', 500],
    ['garbage', 'oops', 200],
    ['no key set', '{}', 200],
  ])('goes on serving its keys for a day through %s', async (_name, body, status) => {
    await key('one');
    server.serve(body, status);
    for (let hour = 1; hour < 24; hour += 1) {
      clock.forward(60 * MINUTE);
      await expect(key('one')).resolves.toBeDefined();
    }
    clock.forward(60 * MINUTE);
    await expect(key('one')).rejects.toThrow('Authorization failed: ');
  });

  it('makes nobody wait for a host that hangs, once that is known', async () => {
    client = clientOf([server.host], 50);
    await key('one');
    clock.forward(10 * MINUTE);
    server.answer(() => undefined);
    await key('one');
    const before = server.calls.length;
    clock.forward(5_000);
    // The next attempt hangs too; these answers do not wait for it.
    await Promise.all([key('one'), key('one')]);
    expect(faults).toHaveLength(1);
    await expect(key('two')).rejects.toMatchObject(UNREADABLE);
    expect(faults).toHaveLength(2);
    expect(server.calls).toHaveLength(before + 1);
  });

  it('blames the host for an unknown kid, since it may have been published meanwhile', async () => {
    await key('one');
    clock.forward(MINUTE);
    server.serve('', 503);
    await expect(key('two')).rejects.toMatchObject(UNREADABLE);
  });
});

const ALLOWED = ['keys.example.com', 'keys.example.net:8443', 'kelvin.example.com'];
const HOSTILE = [
  '',
  ' ',
  '.',
  '..',
  '/',
  '\\',
  '*',
  '@',
  '#',
  '?',
  '%00',
  '\0',
  'example.com',
  'evil.example',
  'keys.example.com.evil.example',
  'evilkeys.example.com',
  'evil.keys.example.com',
  'keys.example.co',
  'eys.example.com',
  '*.example.com',
  'keys.example.com.',
  'keys.example.com..',
  '.keys.example.com',
  'keys..example.com',
  'keys.example.com:443',
  'keys.example.com:80',
  'keys.example.com:',
  'keys.example.com:0',
  'keys.example.net',
  'keys.example.net:8444',
  'keys.example.net:08443',
  'keys.example.net:8443:1',
  'keys.example.com/',
  'keys.example.com/x?',
  'keys.example.com/../x',
  'keys.example.com\\x',
  'keys.example.com?x',
  'keys.example.com#x',
  'keys.example.com%2f',
  'keys.example.com%00',
  'keys.example.com\0.evil.example',
  'keys.example.com\r\nHost: evil.example',
  'keys.example.com\n',
  ' keys.example.com',
  'keys.example.com ',
  '\tkeys.example.com',
  'keys.example.com,evil.example',
  'user@keys.example.com',
  'keys.example.com@evil.example',
  'a:b@keys.example.com',
  'evil.example/keys.example.com',
  'evil.example#keys.example.com',
  'evil.example?keys.example.com',
  'https://keys.example.com',
  'http://keys.example.com',
  '//keys.example.com',
  'file:///etc/passwd',
  'gopher://192.0.2.1',
  'data:application/json,{}',
  'javascript:0',
  '127.0.0.1',
  '127.0.0.1:6379',
  '127.1',
  '0',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  'localhost',
  'localhost:6379',
  'localhost.',
  'LOCALHOST',
  '[::1]',
  '[::1]:6379',
  '::1',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[2001:db8::1]',
  '[fe80::1%25lo]',
  '169.254.169.254',
  'metadata.google.internal',
  '192.0.2.1',
  '10.0.0.1',
  '100.100.100.200',
  'redis',
  'redis:6379',
  'ｋeys.example.com',
  '\u212Aelvin.example.com',
  'keys。example.com',
  'keys.example.com\u200b',
  'keуs.example.com',
  'xn--kes-zmc.example.com',
  'keys.example.com\u0000',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'k'.repeat(8_000),
];

describe('the allow-list', () => {
  const asked: string[] = [];
  const record: typeof fetch = (url) => {
    asked.push(url instanceof Request ? url.url : url.toString());
    return Promise.reject(new Error('no network here'));
  };

  beforeEach(() => {
    asked.length = 0;
    client = new JwksClient({ hosts: ALLOWED, fetch: record, now: clock.now });
  });

  it('is tried with at least sixty hosts', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(60);
  });

  it.each(HOSTILE)('refuses %j without any call', async (host) => {
    await expect(client.keyFor(host, 'one')).rejects.toMatchObject(UNREADABLE);
    expect(asked).toEqual([]);
  });

  it('asks an allowed host over https, however the token writes its case', async () => {
    await expect(client.keyFor('Keys.Example.NET:8443', 'one')).rejects.toMatchObject(UNREADABLE);
    expect(asked).toEqual(['https://keys.example.net:8443/.well-known/jwks']);
  });

  it.each([
    ['127.0.0.1:8080', 'http'],
    ['localhost', 'http'],
    ['[::1]:8080', 'http'],
    ['localhost.example.com', 'https'],
    ['127.0.0.1.example.com', 'https'],
    ['192.0.2.1:8443', 'https'],
    ['keys.example.com:443', 'https'],
  ])('asks %s over %s', (host, scheme) => {
    expect(jwksUrls([host]).get(host)).toBe(`${scheme}://${host}/.well-known/jwks`);
  });

  it.each([
    '',
    'https://keys.example.com',
    'keys.example.com/',
    'keys.example.com.',
    'keys.example.com.:80',
    'user@keys.example.com',
    'keys.example.com:99999',
    'keys.example.com:',
    '*.example.com',
    '127.1',
    'a b',
    'keys.example.com?x',
    'keys.example.com#x',
    '::1',
    '[::1',
    'kéys.example.com',
  ])('cannot be set up with %j', (host) => {
    expect(() => jwksUrls([host])).toThrow(TypeError);
  });
});
