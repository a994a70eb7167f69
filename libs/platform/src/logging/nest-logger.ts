import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Lets Nest log through our logger. What Nest says while it boots (`log`) is debug to an operator,
 * so at `info` a start is silent but for our own lines.
 */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest's last argument is the context; for errors a stack may stand before it, as a text. */
  #write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const err = [message, ...rest].find((part) => part instanceof Error);
    const fields = {
      ...(isContext(context) ? { context } : {}),
      ...(err ? { err } : {}),
    };
    this.#logger[level](fields, typeof message === 'string' ? message : (err?.message ?? 'nest'));
  }
}

/** A stack is a text too, but has several lines. */
function isContext(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\n');
}
