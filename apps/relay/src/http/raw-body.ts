import type { NextFunction, Request, Response } from 'express';

/** Largest body that is looked at, in bytes. */
export const BODY_LIMIT = 1_048_576;

/** Past this a client that goes on sending is cut off instead of answered. */
const DRAIN_LIMIT = 8 * BODY_LIMIT;

const NOTHING = Buffer.alloc(0);

export interface BodyRequest extends Request {
  /** The whole body; undefined when it is over the limit. Set by {@link readBody} before routing. */
  rawBody?: Buffer | undefined;
}

/**
 * Collects the body as bytes, whatever its content type says (relay-protocol 1.1). One over the
 * limit is read to its end and thrown away, so that the sender is there to read the refusal.
 */
export function readBody(request: BodyRequest, response: Response, next: NextFunction): void {
  if (
    request.headers['content-length'] === undefined &&
    !('transfer-encoding' in request.headers)
  ) {
    request.rawBody = NOTHING;
    next();
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= BODY_LIMIT) {
      chunks.push(chunk);
    } else if (size > DRAIN_LIMIT) {
      request.destroy();
    }
  });
  request.on('end', () => {
    if (size <= BODY_LIMIT) {
      request.rawBody = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    } else {
      response.setHeader('connection', 'close');
    }
    next();
  });
}
