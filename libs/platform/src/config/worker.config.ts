import { integer } from './parsers.js';
import type { AreaSettings } from './setting.js';

export interface WorkerConfig {
  readonly concurrency: number;
  readonly port: number;
}

export const WORKER_SETTINGS: AreaSettings<WorkerConfig> = {
  concurrency: {
    name: 'WORKER_CONCURRENCY',
    description: 'Jobs at once in one worker',
    example: '8',
    defaultText: '8',
    parse: integer(1, 1_000),
  },
  port: {
    name: 'WORKER_PORT',
    description: "The worker's health and metrics port (0: any free one)",
    example: '9091',
    defaultText: '9091',
    parse: integer(0, 65_535),
  },
};
