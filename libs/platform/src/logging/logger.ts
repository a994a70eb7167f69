import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/log.config.js';
import { serializeError } from './error-serializer.js';
import { redact } from './redaction.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The process' name, in every line as `name`. */
  readonly name: string;
  /** Default: stdout, written synchronously so that the last words of a dying process arrive. */
  readonly destination?: DestinationStream;
}

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
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
