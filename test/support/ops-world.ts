import jsonwebtoken from 'jsonwebtoken';

import { createLogger, loadConfig } from '#platform';

import { createRelay, relayShutdown } from '../../apps/relay/src/relay.js';
import { API_KEY, SECRET_KEY } from './relay-stack.js';
import type { RedisServer } from './redis-server.js';

export const OPS_SECRET = 'CANARY-ops-secret-0123456789abcdef0123456789';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    readonly data?: unknown;
    readonly errors?: readonly {
      readonly message: string;
      readonly path?: readonly unknown[];
      readonly extensions: { readonly code: string; readonly correlationId?: string };
    }[];
    readonly extensions?: { readonly cost: { readonly requested: number; readonly limit: number } };
  };
}

/** A relay with the operators' API in this process. */
export interface OpsWorld {
  readonly url: string;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export async function opsWorld(
  redis: RedisServer,
  env: Readonly<Record<string, string>> = { OPS_JWT_SECRET: OPS_SECRET },
): Promise<OpsWorld> {
  const given = {
    REDIS_URL: redis.url,
    SECRET_KEY,
    JWKS_HOSTS: '',
    SECURITYTRAILS_API_KEY: API_KEY,
    SECURITYTRAILS_API_URL: 'http://127.0.0.1:9',
    ...env,
  };
  const loaded = loadConfig('relay', given, () => '');
  if ('faults' in loaded) {
    throw new Error(JSON.stringify(loaded.faults));
  }
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ level: 'info', name: 'relay', destination });
  const app = await createRelay({
    process: 'relay',
    config: loaded.config,
    logger,
    version: '9.9.9',
  });
  await app.listen(0, '127.0.0.1');
  const stop = async (): Promise<void> => {
    for (const { run } of relayShutdown(app).slice(1)) {
      await run();
    }
  };
  return { url: await app.getUrl(), log, stop };
}

/** An operator's token; a claim set to undefined is left out. */
export function opsToken(role: string, claims: object = {}, secret: string = OPS_SECRET): string {
  const usual = { sub: 'lead@example.com', role, exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const all = Object.entries<unknown>({ ...usual, ...claims }).filter(
    ([, value]) => value !== undefined,
  );
  return jsonwebtoken.sign(Object.fromEntries(all), secret, { noTimestamp: true });
}

export interface Asked {
  readonly token?: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an operation; by default as an administrator. */
export async function ask(
  { url }: { readonly url: string },
  query: string,
  { token = opsToken('ADMIN'), variables = {}, headers = {} }: Asked = {},
): Promise<GraphqlAnswer> {
  return answerOf(
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    }),
  );
}

export async function answerOf(response: Response): Promise<GraphqlAnswer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text, json: JSON.parse(text) as GraphqlAnswer['json'] };
}

/** The codes of an answer's errors. */
export function codesOf({ json }: GraphqlAnswer): string[] {
  return (json.errors ?? []).map(({ extensions }) => extensions.code);
}
