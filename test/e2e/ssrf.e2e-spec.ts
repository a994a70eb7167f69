import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { JwksServer } from '../../apps/relay/src/auth/testing/jwks-server.js';
import { platformKey, platformToken } from '../../apps/relay/src/auth/testing/token-forge.js';
import { API_KEY, post, startStack } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';

const PUBLIC_URL = 'http://relay.example.com';
const LIST = [{ type: 'sha256', value: 'x' }];
/** Makes a process write a line for every connection that it opens, before its own code runs. */
const WATCH = `
import net from 'node:net';
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const { host, port, path } = [args[0]].flat()[0];
  process.stderr.write('connects to ' + JSON.stringify({ host, port: Number(port), path }) + '\\n');
  return connect.apply(this, args);
};`;

const key = platformKey('ssrf');
let stack: RelayStack;
let jwks: JwksServer;
/** Whoever asks this host has been led astray. */
let canary: JwksServer;

beforeAll(async () => {
  [jwks, canary] = await Promise.all([JwksServer.start(), JwksServer.start()]);
  stack = await startStack({
    env: {
      SECRET_KEY: '',
      JWKS_HOSTS: jwks.host,
      PUBLIC_URL,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WATCH)}`,
    },
  });
}, 30_000);

afterAll(async () => {
  await stack.stop();
  await Promise.all([jwks.stop(), canary.stop()]);
});

beforeEach(() => {
  jwks.serve([key.jwk]);
});

function call(claims: object, header: object = {}) {
  const text = platformToken(key, { key: API_KEY, aud: PUBLIC_URL, ...claims }, header);
  return post(stack.relay.url, '/observe/observables', LIST, { authorization: `Bearer ${text}` });
}

/** Ports that the relay has opened connections to. */
function ports(): Set<number> {
  const lines = stack.relay.output.filter((line) => line.startsWith('connects to '));
  return new Set(lines.map((line) => (JSON.parse(line.slice(12)) as { port: number }).port));
}

describe('a token that names where its keys are', () => {
  it.each([
    ['another host', (at: string) => at],
    ['the same port by another name', (at: string) => at.replace('127.0.0.1', 'localhost')],
    ['an address as a number', (at: string) => at.replace('127.0.0.1', '2130706433')],
    ['an address in IPv6', (at: string) => at.replace('127.0.0.1', '[::ffff:7f00:1]')],
    ['a URL', (at: string) => `http://${at}`],
    ['the good host as a user', (at: string, good: string) => `${good}@${at}`],
    ['the good host as a user, escaped', (at: string, good: string) => `${good}%40${at}`],
    ['the good host behind a fragment', (at: string, good: string) => `${at}#${good}`],
    ['the good host behind a path', (at: string, good: string) => `${at}/${good}`],
    ['the good host behind a backslash', (at: string, good: string) => `${at}\\@${good}`],
    ['the good host before a line break', (at: string, good: string) => `${good}\r\n${at}`],
    ['the good host before a NUL', (at: string, good: string) => `${good}\0${at}`],
    ['the good host with blanks', (_at: string, good: string) => ` ${good} `],
    ['the good host with a path', (_at: string, good: string) => `${good}/../x`],
    ['the good host with a final dot', (_at: string, good: string) => good.replace(':', '.:')],
    ['a list of both', (at: string, good: string) => [good, at]],
    ['an object that turns into one', (at: string) => ({ toString: at })],
    ['a prototype', () => '__proto__'],
    ['nothing', () => ''],
  ])('is refused for %s without a call to anybody', async (_what, hostOf) => {
    const before = jwks.calls.length;
    const { json } = await call({ jwks_host: hostOf(canary.host, jwks.host) });
    expect(json).toMatchObject({
      errors: [{ message: expect.stringContaining('Wrong jwks_host') }],
    });
    expect(jwks.calls).toHaveLength(before);
    expect(canary.calls).toEqual([]);
  });

  it.each(['jku', 'x5u'])('is refused when its header has a %s', async (field) => {
    const header = { [field]: `http://${canary.host}/.well-known/jwks` };
    const { json } = await call({ jwks_host: jwks.host }, header);
    expect(json).toMatchObject({ errors: [{ code: 'authorization error' }] });
    expect(canary.calls).toEqual([]);
  });

  it('is not followed through a redirect of the good host', async () => {
    jwks.answer((_request, response) => {
      response.writeHead(302, { location: `http://${canary.host}/.well-known/jwks` }).end();
    });
    const before = jwks.calls.length;
    const { json } = await call({ jwks_host: jwks.host, iss: `http://${canary.host}` });
    expect(json).toMatchObject({ errors: [{ code: 'authorization error' }] });
    expect(jwks.calls).toHaveLength(before + 1);
    expect(canary.calls).toEqual([]);
  });

  it('has led the relay to Redis and the good host, and to nobody else', () => {
    const [, jwksPort] = jwks.host.split(':');
    expect(ports()).toEqual(new Set([stack.redis.port, Number(jwksPort)]));
  });
});
