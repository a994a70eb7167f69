import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.js';
import type { Config, ProcessName } from './config.js';
import type { Environment } from './setting-texts.js';
import { faultLine } from './setting.js';

const RELAY = { PUBLIC_URL: 'https://relay.example.com' };
const WORKER = { SECURITYTRAILS_API_KEY: 'worker-key' };

function noFile(path: string): string {
  throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
}

function files(contents: Record<string, string>) {
  return (path: string) => contents[path] ?? noFile(path);
}

function configOf(process: ProcessName, env: Environment, readFile = noFile): Config {
  const result = loadConfig(process, env, readFile);
  if ('faults' in result) {
    throw new Error(result.faults.map(faultLine).join('\n'));
  }
  return result.config;
}

function linesOf(process: ProcessName, env: Environment, readFile = noFile): string[] {
  const result = loadConfig(process, env, readFile);
  return 'faults' in result ? result.faults.map(faultLine) : [];
}

describe('loadConfig', () => {
  it('gives the documented defaults', () => {
    expect(configOf('relay', RELAY)).toEqual({
      http: { port: 9090, host: '0.0.0.0', publicUrls: ['https://relay.example.com'] },
      redis: { queueUrl: 'redis://127.0.0.1:6379', cacheUrl: 'redis://127.0.0.1:6379' },
      securitytrails: {
        apiUrl: 'https://api.securitytrails.com/v1',
        uiUrl: 'https://securitytrails.com',
        rps: 2,
        timeoutMs: 10_000,
        interactiveReserve: 0.2,
      },
      observe: {
        deadlineMs: 20_000,
        sightingTime: 'history',
        enrichers: ['dns-history', 'reverse-ip'],
      },
      auth: {
        jwksHosts: [
          'visibility.amp.cisco.com',
          'visibility.eu.amp.cisco.com',
          'visibility.apjc.amp.cisco.com',
        ],
      },
      cache: {
        freshSeconds: 21_600,
        staleSeconds: 604_800,
        negativeSeconds: 3_600,
        memoryEntries: 5_000,
      },
      watch: {
        maxLists: 1_000,
        maxObservables: 100_000,
        maxNoteLength: 500,
        firstFetchPages: 1,
        maxChanges: 100_000,
        changesKeepDays: 400,
      },
      ops: { roleClaim: 'role' },
      webhook: { allowPrivate: false },
      log: { level: 'info' },
      worker: { concurrency: 8, port: 9_091 },
    });
  });

  it('takes every setting from its variable', () => {
    const config = configOf('worker', {
      PORT: '0',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'https://a.example.com/, http://b.example.com:8080/relay/',
      REDIS_URL: 'redis+sentinel://s1.example.com,s2.example.com:26380/main/1',
      CACHE_REDIS_URL: 'redis+cluster://:pw@c1.example.com:7000,c2.example.com',
      SECURITYTRAILS_API_URL: 'http://127.0.0.1:8000/v1/',
      SECURITYTRAILS_UI_URL: 'https://ui.example.com/',
      SECURITYTRAILS_API_KEY: 'worker-key',
      SECURITYTRAILS_RPS: '5',
      SECURITYTRAILS_TIMEOUT_MS: '3000',
      QUOTA_INTERACTIVE_RESERVE: '1.0',
      SECURITYTRAILS_HARD_MONTHLY_LIMIT: '0',
      OBSERVE_DEADLINE_MS: '1500',
      SIGHTING_TIME: 'query',
      ENRICHERS: 'reverse-ip, reverse-ip',
      JWKS_HOSTS: 'Keys.Example.com, 127.0.0.1:8443',
      SECRET_KEY: ' spaces count ',
      CACHE_FRESH_SECONDS: '1',
      CACHE_STALE_SECONDS: '2',
      CACHE_NEGATIVE_SECONDS: '3',
      CACHE_MEMORY_ENTRIES: '0',
      CACHE_DIGEST_KEY: 'pepper',
      WATCH_MAX_LISTS: '1',
      WATCH_MAX_OBSERVABLES: '2',
      WATCH_MAX_NOTE_LENGTH: '3',
      WATCH_FIRST_FETCH_PAGES: '4',
      CHANGES_MAX: '5',
      CHANGES_KEEP_DAYS: '6',
      OPS_JWT_SECRET: 'ops-secret',
      OPS_JWKS_URL: 'https://id.example.com/jwks',
      OPS_ISSUER: 'https://id.example.com',
      OPS_AUDIENCE: 'relay',
      OPS_ROLE_CLAIM: 'realm.role',
      WEBHOOK_ALLOW_PRIVATE: 'TRUE',
      LOG_LEVEL: 'debug',
      WORKER_CONCURRENCY: '1',
      WORKER_PORT: '0',
    });
    expect(config).toEqual({
      http: {
        port: 0,
        host: '127.0.0.1',
        publicUrls: ['https://a.example.com', 'http://b.example.com:8080/relay'],
      },
      redis: {
        queueUrl: 'redis+sentinel://s1.example.com,s2.example.com:26380/main/1',
        cacheUrl: 'redis+cluster://:pw@c1.example.com:7000,c2.example.com',
      },
      securitytrails: {
        apiUrl: 'http://127.0.0.1:8000/v1',
        uiUrl: 'https://ui.example.com',
        apiKey: 'worker-key',
        rps: 5,
        timeoutMs: 3_000,
        interactiveReserve: 1,
        hardMonthlyLimit: 0,
      },
      observe: { deadlineMs: 1_500, sightingTime: 'query', enrichers: ['reverse-ip'] },
      auth: { jwksHosts: ['keys.example.com', '127.0.0.1:8443'], secretKey: ' spaces count ' },
      cache: {
        freshSeconds: 1,
        staleSeconds: 2,
        negativeSeconds: 3,
        memoryEntries: 0,
        digestKey: 'pepper',
      },
      watch: {
        maxLists: 1,
        maxObservables: 2,
        maxNoteLength: 3,
        firstFetchPages: 4,
        maxChanges: 5,
        changesKeepDays: 6,
      },
      ops: {
        jwtSecret: 'ops-secret',
        jwksUrl: 'https://id.example.com/jwks',
        issuer: 'https://id.example.com',
        audience: 'relay',
        roleClaim: 'realm.role',
      },
      webhook: { allowPrivate: true },
      log: { level: 'debug' },
      worker: { concurrency: 1, port: 0 },
    });
  });

  it('freezes all of it', () => {
    const config = configOf('relay', RELAY);
    const parts = [config, ...Object.values(config), config.auth.jwksHosts, config.http.publicUrls];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('takes an empty value for unset, except for JWKS_HOSTS', () => {
    const config = configOf('relay', {
      PORT: '',
      OPS_ISSUER: ' ',
      JWKS_HOSTS: '',
      SECRET_KEY: 'key',
    });
    expect(config.http.port).toBe(9090);
    expect(config.ops).toEqual({ roleClaim: 'role' });
    expect(config.auth).toEqual({ jwksHosts: [], secretKey: 'key' });
  });

  it('lets the cache follow the queue, also when that comes from a file', () => {
    const config = configOf(
      'relay',
      { ...RELAY, REDIS_URL_FILE: '/run/url' },
      files({ '/run/url': 'redis://:pw@192.0.2.1\n' }),
    );
    expect(config.redis).toEqual({
      queueUrl: 'redis://:pw@192.0.2.1',
      cacheUrl: 'redis://:pw@192.0.2.1',
    });
  });

  it.each([
    ['SECURITYTRAILS_API_KEY', (config: Config) => config.securitytrails.apiKey],
    ['SECRET_KEY', (config: Config) => config.auth.secretKey],
    ['OPS_JWT_SECRET', (config: Config) => config.ops.jwtSecret],
    ['CACHE_DIGEST_KEY', (config: Config) => config.cache.digestKey],
  ])('reads %s from a file without its last newline', (name, read) => {
    const readFile = files({ '/run/secret': 'from-file\r\n', '/run/key': 'worker-key' });
    const key =
      name === 'SECURITYTRAILS_API_KEY' ? {} : { SECURITYTRAILS_API_KEY_FILE: '/run/key' };
    expect(read(configOf('worker', { ...key, [`${name}_FILE`]: '/run/secret' }, readFile))).toBe(
      'from-file',
    );
  });

  it.each<[ProcessName, Environment, string]>([
    [
      'relay',
      {},
      'PUBLIC_URL: is required while JWKS_HOSTS is not empty, e.g. https://relay.example.com',
    ],
    [
      'relay',
      { JWKS_HOSTS: '' },
      'JWKS_HOSTS: is empty and SECRET_KEY is unset: no token could be verified, e.g. visibility.eu.amp.cisco.com',
    ],
    [
      'worker',
      {},
      'SECURITYTRAILS_API_KEY: is required by the worker, e.g. the-key-of-your-account',
    ],
    [
      'worker',
      { SECURITYTRAILS_API_KEY: 'two words' },
      'SECURITYTRAILS_API_KEY: must be printable ASCII without spaces, e.g. the-key-of-your-account',
    ],
    [
      'worker',
      { ...WORKER, OPS_JWKS_URL: 'https://id.example.com/jwks', OPS_ISSUER: 'x' },
      'OPS_AUDIENCE: is required with OPS_JWKS_URL, e.g. securitytrails-relay',
    ],
    [
      'relay',
      { ...RELAY, PORT: '65536' },
      'PORT: must be a whole number from 0 to 65535, e.g. 9090',
    ],
    ['relay', { ...RELAY, PORT: '-1' }, 'PORT: must be a whole number from 0 to 65535, e.g. 9090'],
    ['relay', { ...RELAY, PORT: '9e3' }, 'PORT: must be a whole number from 0 to 65535, e.g. 9090'],
    [
      'relay',
      { ...RELAY, HOST: 'a b' },
      'HOST: must be printable ASCII without spaces, e.g. 0.0.0.0',
    ],
    [
      'relay',
      { PUBLIC_URL: 'https://ok.example.com,ftp://x.example.com' },
      'PUBLIC_URL: every item must be an http or https URL, e.g. https://relay.example.com',
    ],
    [
      'relay',
      { PUBLIC_URL: 'relay.example.com' },
      'PUBLIC_URL: every item must be an http or https URL, e.g. https://relay.example.com',
    ],
    [
      'relay',
      { PUBLIC_URL: 'https://u:p@relay.example.com' },
      'PUBLIC_URL: every item must be a URL without user, password, query or fragment, e.g. https://relay.example.com',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_API_URL: 'https://x.example.com?q=1' },
      'SECURITYTRAILS_API_URL: must be a URL without user, password, query or fragment, e.g. https://api.securitytrails.com/v1',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_UI_URL: 'javascript:alert(1)' },
      'SECURITYTRAILS_UI_URL: must be an http or https URL, e.g. https://securitytrails.com',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_RPS: '0' },
      'SECURITYTRAILS_RPS: must be a whole number from 1 to 10000, e.g. 2',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_RPS: '1.5' },
      'SECURITYTRAILS_RPS: must be a whole number from 1 to 10000, e.g. 2',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_TIMEOUT_MS: '9' },
      'SECURITYTRAILS_TIMEOUT_MS: must be a whole number from 10 to 300000, e.g. 10000',
    ],
    [
      'relay',
      { ...RELAY, QUOTA_INTERACTIVE_RESERVE: '1.1' },
      'QUOTA_INTERACTIVE_RESERVE: must be a decimal from 0 to 1, e.g. 0.2',
    ],
    [
      'relay',
      { ...RELAY, QUOTA_INTERACTIVE_RESERVE: '20%' },
      'QUOTA_INTERACTIVE_RESERVE: must be a decimal from 0 to 1, e.g. 0.2',
    ],
    [
      'relay',
      { ...RELAY, SECURITYTRAILS_HARD_MONTHLY_LIMIT: 'none' },
      'SECURITYTRAILS_HARD_MONTHLY_LIMIT: must be a whole number from 0 to 1000000000, e.g. 2000',
    ],
    [
      'relay',
      { ...RELAY, OBSERVE_DEADLINE_MS: '20s' },
      'OBSERVE_DEADLINE_MS: must be a whole number from 10 to 300000, e.g. 20000',
    ],
    [
      'relay',
      { ...RELAY, SIGHTING_TIME: 'now' },
      'SIGHTING_TIME: must be one of history, query, e.g. history',
    ],
    [
      'relay',
      { ...RELAY, ENRICHERS: 'dns-history,whois' },
      'ENRICHERS: must be a comma list of dns-history, reverse-ip, e.g. dns-history,reverse-ip',
    ],
    [
      'relay',
      { ...RELAY, ENRICHERS: ',' },
      'ENRICHERS: must be a comma list of dns-history, reverse-ip, e.g. dns-history,reverse-ip',
    ],
    [
      'relay',
      { ...RELAY, JWKS_HOSTS: 'https://keys.example.com' },
      'JWKS_HOSTS: every item must be host or host:port, e.g. visibility.eu.amp.cisco.com',
    ],
    [
      'relay',
      { ...RELAY, JWKS_HOSTS: 'keys.example.com:0' },
      'JWKS_HOSTS: every item must be host or host:port, e.g. visibility.eu.amp.cisco.com',
    ],
    [
      'relay',
      { ...RELAY, JWKS_HOSTS: 'keys.example.com/x' },
      'JWKS_HOSTS: every item must be host or host:port, e.g. visibility.eu.amp.cisco.com',
    ],
    [
      'relay',
      { ...RELAY, CACHE_MEMORY_ENTRIES: 'many' },
      'CACHE_MEMORY_ENTRIES: must be a whole number from 0 to 10000000, e.g. 5000',
    ],
    [
      'relay',
      { ...RELAY, OPS_ROLE_CLAIM: 'my role' },
      'OPS_ROLE_CLAIM: must be printable ASCII without spaces, e.g. realm_access.role',
    ],
    [
      'relay',
      { ...RELAY, WEBHOOK_ALLOW_PRIVATE: 'yes' },
      'WEBHOOK_ALLOW_PRIVATE: must be true or false, e.g. false',
    ],
    [
      'relay',
      { ...RELAY, LOG_LEVEL: 'verbose' },
      'LOG_LEVEL: must be one of silent, fatal, error, warn, info, debug, trace, e.g. info',
    ],
    [
      'relay',
      { ...RELAY, WORKER_CONCURRENCY: '0' },
      'WORKER_CONCURRENCY: must be a whole number from 1 to 1000, e.g. 8',
    ],
    [
      'relay',
      { ...RELAY, WORKER_PORT: 'http' },
      'WORKER_PORT: must be a whole number from 0 to 65535, e.g. 9091',
    ],
    [
      'relay',
      { ...RELAY, REDIS_URL: 'localhost:6379' },
      'REDIS_URL: must be redis://, rediss://, redis+sentinel://host,host/name[/db] or redis+cluster://host,host, e.g. redis://127.0.0.1:6379',
    ],
    [
      'relay',
      { ...RELAY, CACHE_REDIS_URL: 'redis://a,b' },
      'CACHE_REDIS_URL: must be redis://, rediss://, redis+sentinel://host,host/name[/db] or redis+cluster://host,host, e.g. redis://127.0.0.1:6380',
    ],
    [
      'relay',
      { ...RELAY, SECRET_KEY: 'a', SECRET_KEY_FILE: '/run/a' },
      'SECRET_KEY_FILE: is set together with SECRET_KEY; keep one of the two, e.g. /run/secrets/secret_key',
    ],
    [
      'relay',
      { ...RELAY, SECRET_KEY_FILE: '/nowhere' },
      'SECRET_KEY_FILE: cannot read /nowhere (ENOENT), e.g. /run/secrets/secret_key',
    ],
    [
      'worker',
      { SECURITYTRAILS_API_KEY_FILE: '/nowhere' },
      'SECURITYTRAILS_API_KEY_FILE: cannot read /nowhere (ENOENT), e.g. /run/secrets/securitytrails_api_key',
    ],
  ])('tells the %s with %j what is wrong', (process, env, line) => {
    expect(linesOf(process, env)).toEqual([line]);
  });

  it('calls an empty file a fault instead of an unset secret', () => {
    const lines = linesOf(
      'relay',
      { ...RELAY, SECRET_KEY_FILE: '/run/empty' },
      files({ '/run/empty': '\n' }),
    );
    expect(lines).toEqual([
      'SECRET_KEY_FILE: is an empty file: /run/empty, e.g. /run/secrets/secret_key',
    ]);
  });

  it('ignores a _FILE variable of what is no secret', () => {
    expect(configOf('relay', { ...RELAY, PORT_FILE: '/nowhere' }).http.port).toBe(9090);
  });

  it('reports every fault at once, in the order of the settings', () => {
    const names = linesOf('worker', { PORT: 'x', LOG_LEVEL: 'x', REDIS_URL: 'x' }).map(
      (line) => line.split(':')[0],
    );
    expect(names).toEqual(['PORT', 'REDIS_URL', 'LOG_LEVEL', 'SECURITYTRAILS_API_KEY']);
  });

  it('never repeats a value, however wrong it is', () => {
    const canary = 'canary value\n';
    const names = Object.keys(configEnvironment());
    for (const name of names) {
      const lines = linesOf('relay', { [name]: canary });
      expect(lines.join('\n')).not.toContain('canary');
      expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    }
  });
});

/** Every variable that config.md names, and ours. */
function configEnvironment(): Environment {
  const names =
    'PORT HOST PUBLIC_URL REDIS_URL CACHE_REDIS_URL SECURITYTRAILS_API_URL SECURITYTRAILS_UI_URL SECURITYTRAILS_API_KEY SECURITYTRAILS_RPS SECURITYTRAILS_TIMEOUT_MS QUOTA_INTERACTIVE_RESERVE SECURITYTRAILS_HARD_MONTHLY_LIMIT OBSERVE_DEADLINE_MS JWKS_HOSTS SECRET_KEY CACHE_FRESH_SECONDS CACHE_STALE_SECONDS CACHE_NEGATIVE_SECONDS CACHE_MEMORY_ENTRIES CACHE_DIGEST_KEY SIGHTING_TIME ENRICHERS OPS_JWT_SECRET OPS_JWKS_URL OPS_ISSUER OPS_AUDIENCE OPS_ROLE_CLAIM WEBHOOK_ALLOW_PRIVATE LOG_LEVEL WORKER_CONCURRENCY WORKER_PORT';
  return Object.fromEntries(names.split(' ').map((name) => [name, '']));
}
