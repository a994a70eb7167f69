import { PassThrough } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** The decompressed body went over the limit; `head` is what came before. */
export class BodyLimitError extends Error {
  constructor(readonly head: string) {
    super('body limit');
    this.name = 'BodyLimitError';
  }
}

/** A Content-Encoding that nobody asked for and that cannot be undone here. */
export class UnknownEncodingError extends Error {
  constructor() {
    super('unknown content encoding');
    this.name = 'UnknownEncodingError';
  }
}

/**
 * Reads a body as UTF-8 text, undoing its compression.
 *
 * @param maxBytes counted after decompression, so that a small bomb cannot become a big one;
 *   the stream is torn down on the byte after it.
 * @throws BodyLimitError, UnknownEncodingError, zlib's error, or what the body is destroyed with.
 */
export async function readBody(
  body: Readable,
  encoding: string,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let room = maxBytes;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      chunks.push(chunk.subarray(0, room));
      if (chunk.length > room) {
        throw new BodyLimitError(utf8(chunks));
      }
      room -= chunk.length;
    }
  };
  const decoder = decoderOf(encoding);
  if (decoder === undefined) {
    // Unread, it would hold its connection; the listener takes what destroying makes of it.
    body.on('error', () => undefined).destroy();
    throw new UnknownEncodingError();
  }
  await pipeline(body, decoder, collect);
  return utf8(chunks);
}

/** @returns undefined for an encoding that is not known here; several at once are not. */
function decoderOf(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Wrong bytes become U+FFFD, and a byte order mark is dropped: JSON.parse would stumble over it. */
function utf8(chunks: readonly Buffer[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
