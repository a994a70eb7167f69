import type { KeyLimits } from './accounts/key-ring.js';
import type { SimulatorOptions } from './simulator.js';

/** The variables of a process, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The options of a good environment, or one line for each fault of a bad one (never a value). */
export type EnvironmentReading =
  | { readonly ok: true; readonly options: SimulatorOptions }
  | { readonly ok: false; readonly faults: readonly string[] };

const DEFAULT_PORT = 9092;
const DEFAULT_KEYS = 'demo-key:1000:100000';
const KEY_FORM = /^([\x21-\x2b\x2d-\x39\x3b-\x7e]+):([1-9]\d{0,6}):(\d{1,9})$/;

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
}

class Reader {
  readonly faults: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A variable; an empty one counts as not set. */
  text(name: string): string | undefined {
    return this.#environment[name] || undefined;
  }

  number(name: string, { min, max, otherwise }: NumberRange): number {
    const text = this.text(name) ?? String(otherwise);
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      this.faults.push(
        `${name}: must be a whole number from ${min} to ${max}, for example ${otherwise}`,
      );
    }
    return value;
  }

  keys(name: string): Record<string, KeyLimits> {
    const entries = (this.text(name) ?? DEFAULT_KEYS).split(',').map((entry) => entry.trim());
    return Object.fromEntries(entries.flatMap((entry, at) => this.#key(name, entry, at)));
  }

  #key(name: string, entry: string, at: number): [string, KeyLimits][] {
    const [, key, perSecond, monthly] = KEY_FORM.exec(entry) ?? [];
    if (key === undefined) {
      const form = `must be key:perSecond:monthly, for example ${DEFAULT_KEYS}`;
      this.faults.push(`${name}: entry ${at + 1} ${form}`);
      return [];
    }
    return [[key, { perSecond: Number(perSecond), monthly: Number(monthly) }]];
  }
}

/** Reads SIMULATOR_PORT, _HOST, _SEED, _KEYS and RECORDINGS_DIR; each has a default but the last. */
export function readEnvironment(environment: Environment): EnvironmentReading {
  const reader = new Reader(environment);
  const host = reader.text('SIMULATOR_HOST');
  const recordingsDir = reader.text('RECORDINGS_DIR');
  const options: SimulatorOptions = {
    port: reader.number('SIMULATOR_PORT', { min: 0, max: 65_535, otherwise: DEFAULT_PORT }),
    seed: reader.number('SIMULATOR_SEED', { min: 0, max: 4_294_967_295, otherwise: 1 }),
    keys: reader.keys('SIMULATOR_KEYS'),
    ...(host === undefined ? {} : { host }),
    ...(recordingsDir === undefined ? {} : { recordingsDir }),
  };
  const { faults } = reader;
  return faults.length > 0 ? { ok: false, faults } : { ok: true, options };
}
