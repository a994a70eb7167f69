import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface RawOptions {
  /**
   * After so long without a whole answer the sending side is closed, which tells a server that waits
   * for more that none comes. Node then drops an answer that it is still working on.
   */
  readonly endAfterMs?: number;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
/** What no answer of the relay may take, under fuzzing or not. */
const LIMIT_MS = 5_000;

/**
 * Writes bytes to a server as they are and reads its first answer; undefined when the server closes
 * the connection without one.
 *
 * @throws Error when neither has happened after 5 s.
 */
export async function rawExchange(
  url: string,
  bytes: Buffer,
  { endAfterMs = LIMIT_MS }: RawOptions = {},
): Promise<RawAnswer | undefined> {
  const { hostname, port } = new URL(url);
  const socket = createConnection(Number(port), hostname);
  const end = setTimeout(() => socket.end(), endAfterMs);
  const limit = setTimeout(
    () => socket.destroy(new Error(`no answer after ${LIMIT_MS} ms`)),
    LIMIT_MS,
  );
  try {
    return await firstAnswer(socket, bytes);
  } finally {
    clearTimeout(end);
    clearTimeout(limit);
    socket.destroy();
  }
}

interface Reading {
  readonly ended: boolean;
  /** Whether an answer has no body although it names a length. */
  readonly bodiless: boolean;
}

async function firstAnswer(socket: Socket, bytes: Buffer): Promise<RawAnswer | undefined> {
  const bodiless = bytes.toString('latin1', 0, 5) === 'HEAD ';
  await once(socket, 'connect');
  socket.write(bytes);
  let received = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      const answer = readAnswer(received, { ended: false, bodiless });
      if (answer !== undefined) {
        return answer;
      }
    }
  } catch (error) {
    // A reset while we were still sending is a server's way of closing.
    if (!isReset(error)) {
      throw error;
    }
  }
  return readAnswer(received, { ended: true, bodiless });
}

/** By its field: an error of Node's own realm is no `Error` of a test's. */
function isReset(error: unknown): boolean {
  return /^(?:ECONNRESET|EPIPE)$/.test(String(Object(error)['code']));
}

/** The answer in what was received, when it is whole; an interim one (100) is passed over. */
function readAnswer(received: Buffer, reading: Reading): RawAnswer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    return undefined;
  }
  const [line = '', ...fields] = received.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(line.split(' ')[1]);
  const body = received.subarray(headEnd + 4);
  if (status === 100) {
    return readAnswer(body, reading);
  }
  const headers = headersIn(fields);
  const length = reading.bodiless || status === 304 ? 0 : lengthOf(body, headers);
  return body.length >= length || reading.ended
    ? { status, headers, text: body.toString('utf8', 0, length) }
    : undefined;
}

/** As announced; where nothing is, all of it once the last chunk is there. */
function lengthOf(body: Buffer, headers: RawAnswer['headers']): number {
  const announced = headers['content-length'];
  if (announced !== undefined) {
    return Number(announced);
  }
  return body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? body.length : Infinity;
}

function headersIn(fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
}
