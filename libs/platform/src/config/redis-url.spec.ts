import { describe, expect, it } from '@jest/globals';
import { maskRedisUrl, parseRedisUrl, redisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it.each([
    [
      'redis://127.0.0.1',
      { kind: 'single', nodes: [{ host: '127.0.0.1', port: 6379 }], tls: false, db: 0 },
    ],
    [
      'REDIS://[2001:db8::1]:6390/15',
      { kind: 'single', nodes: [{ host: '2001:db8::1', port: 6390 }], tls: false, db: 15 },
    ],
    [
      'rediss://user:p%40ss%2F@cache.example.com/0',
      {
        kind: 'single',
        nodes: [{ host: 'cache.example.com', port: 6379 }],
        tls: true,
        username: 'user',
        password: 'p@ss/',
        db: 0,
      },
    ],
    [
      'redis://:pw@my_redis:6379/',
      {
        kind: 'single',
        nodes: [{ host: 'my_redis', port: 6379 }],
        tls: false,
        password: 'pw',
        db: 0,
      },
    ],
    [
      'redis+sentinel://a.example.com,b.example.com:26380/main/2',
      {
        kind: 'sentinel',
        nodes: [
          { host: 'a.example.com', port: 26_379 },
          { host: 'b.example.com', port: 26_380 },
        ],
        tls: false,
        db: 2,
        master: 'main',
      },
    ],
    [
      'rediss+cluster://:pw@a.example.com:7000,b.example.com',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a.example.com', port: 7000 },
          { host: 'b.example.com', port: 6379 },
        ],
        tls: true,
        password: 'pw',
        db: 0,
      },
    ],
  ])('reads %s', (text, address) => {
    expect(parseRedisUrl(text)).toEqual({ value: address });
  });

  it.each([
    'http://127.0.0.1',
    'redis://',
    'redis://a,b',
    'redis://a:70000',
    'redis://a/x',
    'redis://a/0/1',
    'redis://a?family=6',
    'redis://user@a',
    'redis://user:@a',
    'redis://:%zz@a',
    'redis://:p@ss@a',
    'redis+sentinel://a',
    'redis+sentinel://a/main/x',
    'redis+cluster://a/1',
    'redis+other://a',
    'redis://a\nb',
  ])('refuses %j', (text) => {
    expect(parseRedisUrl(text)).toHaveProperty('problem');
    expect(redisUrl(text)).toHaveProperty('problem');
  });
});

describe('maskRedisUrl', () => {
  it('hides the login and nothing else', () => {
    expect(maskRedisUrl('rediss://user:secret@cache.example.com/1')).toBe(
      'rediss://***@cache.example.com/1',
    );
    expect(maskRedisUrl('redis://:a@b//@c')).toBe('redis://***@c');
    expect(maskRedisUrl('redis://cache.example.com')).toBe('redis://cache.example.com');
  });
});
