import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/log.config.js';
import { serializeError } from './error-serializer.js';
import { redact } from './redaction.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The process' name, in every line as `name`. */
  readonly name: string;
  /** Default: stdout, in blocks of some 8 KiB or a tenth of a second. */
  readonly destination?: DestinationStream;
}

const BLOCK_BYTES = 8 * 1024;
const BLOCK_MS = 100;

/**
 * The root logger: one JSON object a line, `time` in ISO 8601, `level` as its name. Errors belong
 * under `err`, and are reduced to type, code and message (and stack from `debug` on). Every finished
 * line passes {@link redact}, so a secret cannot slip through a field nobody thought of.
 */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const withStack = level === 'debug' || level === 'trace';
  const asLogged = (error: unknown) => serializeError(error, withStack);
  return pino(
    {
      level,
      name,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: asLogged, error: asLogged, cause: asLogged },
      hooks: { streamWrite: redact },
    },
    destination ?? standardOutput(),
  );
}

/**
 * A write for each line would be a tenth of the work of a busy relay. Blocks are written in one go,
 * and the last one when the process exits; pino does so itself at `fatal`. Only a process that is
 * killed outright loses its last moment.
 */
function standardOutput(): DestinationStream {
  const stdout = pino.destination({
    fd: 1,
    sync: true,
    minLength: BLOCK_BYTES,
    periodicFlush: BLOCK_MS,
  });
  heedClosedPipe(stdout);
  process.once('exit', () => {
    try {
      stdout.flushSync();
    } catch {
      // Nobody reads any more: that is no reason to end in another way.
    }
  });
  return stdout;
}

/**
 * At a closed pipe the stream's own `flushSync` tries for ever, so that neither an exit nor a last
 * word would ever end. An ordinary flush meets the closed pipe first, and pino then takes
 * `flushSync` away.
 */
function heedClosedPipe(stream: ReturnType<typeof pino.destination>): void {
  const flushSync = stream.flushSync.bind(stream);
  const heedful = () => {
    stream.flush();
    if (stream.flushSync === heedful) {
      flushSync();
    }
  };
  stream.flushSync = heedful;
}
