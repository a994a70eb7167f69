import { Cache, LocalInvalidationBus, MemoryFlightBoard, MemoryStore } from '#cache';
import type { Observable, Sighting } from '#ctim';
import type { CanonicalObservable } from '#observables';

import { answerCodec } from '../answer.codec.js';
import type { Answer } from '../answer.js';
import { EnrichmentService } from '../enrichment.service.js';
import type { Caller } from '../enrichment-source.port.js';
import type { Observed, Refresher } from '../observe.js';
import { failureCodec } from '../problem.js';
import { ScriptedSource } from './scripted-source.js';

export const CALLER: Caller = { tenant: '0123456789abcdef0123456789abcdef', apiKey: 'a-key' };
const MINUTE = 60;

export interface BenchSettings {
  readonly deadlineMs?: number;
  readonly sightingsAtQueryTime?: boolean;
  readonly memoryEntries?: number;
}

/** The service over a cache in memory and a source that a test scripts; the test owns the time. */
export class ServiceBench {
  readonly source = new ScriptedSource();
  readonly service: EnrichmentService;
  /** What a refresh was asked for. */
  readonly wishes: CanonicalObservable[] = [];
  /** Failures that the service passed on as its own. */
  readonly unforeseen: unknown[] = [];
  now = Date.parse('2026-03-10T12:00:00Z');

  constructor(settings: BenchSettings = {}) {
    const clock = (): number => this.now;
    const sources = [this.source];
    const cache = new Cache<Answer>({
      store: new MemoryStore(clock),
      board: new MemoryFlightBoard(clock),
      bus: new LocalInvalidationBus(),
      codec: answerCodec(sources),
      failures: failureCodec,
      clock,
      random: () => 0,
      memoryEntries: settings.memoryEntries ?? 0,
      onTrouble: (trouble, error) => {
        throw new Error(`Trouble with ${trouble}`, { cause: error });
      },
    });
    this.service = new EnrichmentService({
      sources,
      cache,
      lives: {
        freshSeconds: 60 * MINUTE,
        staleSeconds: 600 * MINUTE,
        negativeSeconds: 10 * MINUTE,
      },
      clock,
      deadlineMs: settings.deadlineMs ?? 60_000,
      sightingsAtQueryTime: settings.sightingsAtQueryTime ?? false,
      onUnforeseen: (error) => this.unforeseen.push(error),
    });
  }

  get refresher(): Refresher {
    return {
      refresh: (_, observable) => {
        this.wishes.push(observable);
      },
    };
  }

  async observe(observables: readonly Observable[], depth = 1, caller = CALLER): Promise<Observed> {
    return this.service.observe({ caller, depth, observables }, this.refresher);
  }

  passMinutes(minutes: number): void {
    this.now += minutes * MINUTE * 1_000;
  }
}

/** The documents of an answer. */
export function documentsOf({ documents }: Observed): Sighting[] {
  return documents.map((bytes) => JSON.parse(bytes.toString()) as Sighting);
}
