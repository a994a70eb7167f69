import type { Endpoint } from '../vendor/question.js';

/** One request to the vendor's API. */
export interface LoggedRequest {
  /** When it came, wall-clock epoch milliseconds (never the simulated time). */
  readonly at: number;
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** From 1; 0 when the request named no possible page. */
  readonly page: number;
  /** Digest of the API key, never the key; empty when none came. */
  readonly key: string;
  /** What the caller named it by, in `X-Request-Id`; empty when it did not. */
  readonly requestId: string;
  /** The status sent; 0 while there is none, and for good when a fault sent none. */
  readonly status: number;
  readonly endpoint: Endpoint;
  /** The host or address asked about; empty for the others. */
  readonly subject: string;
}

/** Requests since the start or the last reset. */
export interface Counters {
  readonly total: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  /** By the status sent; "0" are those without one so far. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** By the key's digest. */
  readonly byKey: Readonly<Record<string, number>>;
}

/** Puts in the status of a logged request once it is known. */
export type Settle = (status: number) => void;

class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, amount = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount);
  }

  read(): Record<string, number> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }
}

class Tallies {
  total = 0;
  readonly byEndpoint = new Tally();
  readonly byStatus = new Tally();
  readonly byKey = new Tally();
}

/** The last requests (a bounded ring) and counters of all of them. */
export class RequestLog {
  readonly #capacity: number;
  #ring: { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] }[] = [];
  #oldest = 0;
  #tallies = new Tallies();

  constructor(capacity = 100_000) {
    this.#capacity = capacity;
  }

  /** Logs a request as it comes in. */
  begin(request: Omit<LoggedRequest, 'status'>): Settle {
    const entry = { ...request, status: 0 };
    this.#keep(entry);
    const tallies = this.#tallies;
    tallies.total += 1;
    tallies.byEndpoint.add(entry.endpoint);
    tallies.byKey.add(entry.key);
    tallies.byStatus.add('0');
    return (status) => {
      tallies.byStatus.add(String(entry.status), -1);
      tallies.byStatus.add(String(status));
      entry.status = status;
    };
  }

  /** Copies of the kept requests, oldest first. */
  requests(): readonly LoggedRequest[] {
    const inOrder = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
    return inOrder.map((entry) => ({ ...entry }));
  }

  counters(): Counters {
    const { total, byEndpoint, byStatus, byKey } = this.#tallies;
    return {
      total,
      byEndpoint: byEndpoint.read(),
      byStatus: byStatus.read(),
      byKey: byKey.read(),
    };
  }

  /** Forgets requests and counts; one still being answered is not counted again. */
  reset(): void {
    this.#ring = [];
    this.#oldest = 0;
    this.#tallies = new Tallies();
  }

  #keep(entry: LoggedRequest): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(entry);
      return;
    }
    this.#ring[this.#oldest] = entry;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }
}
