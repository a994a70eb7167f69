import { JwksFault } from './auth.errors.js';
import { readKeySet } from './jwks-document.js';
import type { JwkReader, KeySet } from './jwks-document.js';

/** Asks for a key set. @throws JwksFault */
export type JwksReader = (url: string) => Promise<KeySet>;

/** Most bytes of a key set, counted after decompression: twenty keys of 4096 bits take 16 KB. */
const MOST_BYTES = 65_536;

/**
 * A reader over HTTP. Redirects are refused: they would leave the allow-list.
 *
 * @param timeoutMs limit for the whole call, the last byte of the body included.
 * @param readJwk which keys are looked for; RS256 ones by default.
 */
export function httpJwksReader(
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
  readJwk?: JwkReader,
): JwksReader {
  return async (url) => {
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return readKeySet(await bodyOf(response), readJwk);
    } catch (error) {
      throw error instanceof JwksFault
        ? error
        : new JwksFault('unreachable', 'The JWKS could not be read', { cause: error });
    }
  };
}

async function bodyOf(response: Response): Promise<string> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new JwksFault('unreachable', `The JWKS was answered with HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) {
      throw new JwksFault('unreachable', `The JWKS is larger than ${MOST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
