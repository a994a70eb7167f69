import { jwksUrl } from '#platform';

/** What a host said when asked for its keys. */
export type JwksAnswer =
  | { readonly host: string; readonly keys: number; readonly clockOffsetMs: number | undefined }
  | { readonly host: string; readonly problem: string };

const LIMIT_MS = 5_000;

/** What {@link askJwks} needs from outside. */
export interface JwksEdges {
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** Asks one of JWKS_HOSTS for its keys as the relay does (relay-protocol 2.2), within 5 s. */
export async function askJwks(host: string, edges: JwksEdges): Promise<JwksAnswer> {
  try {
    const answer = await edges.fetch(jwksUrl(host), {
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const clockOffsetMs = offsetOf(answer.headers.get('date'), edges.now());
    const keys = keysIn(await answer.text());
    if (!answer.ok || keys === undefined) {
      return { host, problem: `answers ${answer.status} without keys` };
    }
    return { host, keys, clockOffsetMs };
  } catch (error) {
    return { host, problem: `cannot be reached: ${reasonOf(error)}` };
  }
}

/** How far ahead of us the clock is that wrote the header; its resolution is a second. */
function offsetOf(date: string | null, now: number): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time - now;
}

function keysIn(text: string): number | undefined {
  try {
    const body = JSON.parse(text) as { keys?: unknown } | null;
    return Array.isArray(body?.keys) && body.keys.length > 0 ? body.keys.length : undefined;
  } catch {
    return undefined;
  }
}

/** fetch says only that it failed; the code of its cause says how. */
function reasonOf(error: unknown): string {
  const code = fieldOf(fieldOf(error, 'cause'), 'code');
  const reason = code ?? fieldOf(error, 'message');
  return typeof reason === 'string' ? reason : 'unknown reason';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
