import { oneOf } from './parsers.js';
import type { AreaSettings } from './setting.js';

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Pino's levels, from quiet to chatty. */
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogConfig {
  readonly level: LogLevel;
}

export const LOG_SETTINGS: AreaSettings<LogConfig> = {
  level: {
    name: 'LOG_LEVEL',
    description: `JSON lines on stdout from this level on: ${LOG_LEVELS.join(', ')}`,
    example: 'info',
    defaultText: 'info',
    parse: oneOf(LOG_LEVELS),
  },
};
