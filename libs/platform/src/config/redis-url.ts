import { splitHostAndPort } from './parsers.js';
import type { Parsed } from './setting.js';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is and how to log in. The password is a secret. */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** One node for `single`, else the sentinels or the first cluster nodes to ask. */
  readonly nodes: readonly RedisNode[];
  readonly tls: boolean;
  /** Of the data nodes; sentinels are asked without a login. */
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  /** Of `sentinel` only: the name of the master group. */
  readonly master?: string;
}

const SHAPE = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/i;
const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;
const FORMS =
  'must be redis://, rediss://, redis+sentinel://host,host/name[/db] or redis+cluster://host,host';

/**
 * Reads the forms of config.md: `redis://[user:password@]host[:port][/db]`, the same with
 * `rediss://` for TLS, `redis+sentinel://host[:port],…/name[/db]` and `redis+cluster://host[:port],…`
 * (these two take `rediss+` as well). User and password are percent-encoded.
 */
export function parseRedisUrl(text: string): Parsed<RedisAddress> {
  const [, tls, form, login, hosts, path = ''] = SHAPE.exec(text) ?? [];
  const kind = kindOf(form);
  const nodes = parseNodes(hosts ?? '', DEFAULT_PORT[kind]);
  const credentials = parseLogin(login);
  const place = parsePath(kind, path);
  if (!nodes || !place || (kind === 'single' && nodes.length > 1)) {
    return { problem: FORMS };
  }
  if (!credentials) {
    return { problem: 'must have its login as user:password@ or :password@, percent-encoded' };
  }
  return { value: { kind, nodes, tls: tls !== '', ...credentials, ...place } };
}

/** A Redis URL as its text, once it is known to be one. */
export function redisUrl(text: string): Parsed<string> {
  const parsed = parseRedisUrl(text);
  return 'problem' in parsed ? parsed : { value: text };
}

/** The URL with whatever stands before the host hidden. */
export function maskRedisUrl(text: string): string {
  return text.replace(/\/\/.*@/s, '//***@');
}

function kindOf(form: string | undefined): RedisAddress['kind'] {
  const lower = form?.toLowerCase();
  return lower === 'sentinel' || lower === 'cluster' ? lower : 'single';
}

function parseNodes(hosts: string, defaultPort: number): readonly RedisNode[] | undefined {
  const nodes: RedisNode[] = [];
  for (const item of hosts.split(',')) {
    const node = splitHostAndPort(item);
    if (!node) {
      return undefined;
    }
    nodes.push({ host: node.host, port: node.port ?? defaultPort });
  }
  return nodes;
}

function parseLogin(
  login: string | undefined,
): { username?: string; password?: string } | undefined {
  if (login === undefined) {
    return {};
  }
  const colon = login.indexOf(':');
  const username = decode(login.slice(0, Math.max(colon, 0)));
  const password = decode(login.slice(colon + 1));
  if (colon < 0 || username === undefined || !password) {
    return undefined;
  }
  return username === '' ? { password } : { username, password };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parsePath(
  kind: RedisAddress['kind'],
  path: string,
): { db: number; master?: string } | undefined {
  const parts = path === '' ? [] : path.split('/');
  const master = kind === 'sentinel' ? parts.shift() : undefined;
  const [db = '0', ...rest] = parts;
  const wrong = kind === 'sentinel' ? !master : kind === 'cluster' && db !== '0';
  if (wrong || rest.length > 0 || !/^\d{1,5}$/.test(db)) {
    return undefined;
  }
  return { db: Number(db), ...(master ? { master } : {}) };
}
