import { integer, oneOf, someOf } from './parsers.js';
import type { AreaSettings } from './setting.js';

const SIGHTING_TIMES = ['history', 'query'] as const;
const ENRICHERS = ['dns-history', 'reverse-ip'] as const;

export interface ObserveConfig {
  readonly deadlineMs: number;
  /** Whether `observed_time` spans the history or is the moment of the call. */
  readonly sightingTime: (typeof SIGHTING_TIMES)[number];
  /** Sources asked, in this order, each once. */
  readonly enrichers: readonly (typeof ENRICHERS)[number][];
}

export const OBSERVE_SETTINGS: AreaSettings<ObserveConfig> = {
  deadlineMs: {
    name: 'OBSERVE_DEADLINE_MS',
    description:
      'Milliseconds for a whole observe call; what is not there by then is answered as a warning and goes on in the background',
    example: '20000',
    defaultText: '20000',
    parse: integer(10, 300_000),
  },
  sightingTime: {
    name: 'SIGHTING_TIME',
    description:
      '`history`: observed_time spans first_seen..last_seen; `query`: the moment of the call',
    example: 'history',
    defaultText: 'history',
    parse: oneOf(SIGHTING_TIMES),
  },
  enrichers: {
    name: 'ENRICHERS',
    description: 'What an observe call asks for (comma list)',
    example: 'dns-history,reverse-ip',
    defaultText: 'dns-history,reverse-ip',
    parse: someOf(ENRICHERS),
  },
};
