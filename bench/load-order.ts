/** What the load generator is told to do; crosses a process boundary, so plain data only. */
export interface LoadOrder {
  readonly port: number;
  /** Whole HTTP requests, sent in turn over all connections. */
  readonly requests: readonly string[];
  readonly connections: number;
  /** Length of the window that is measured, after `warmUpMs`. */
  readonly windowMs: number;
  readonly warmUpMs: number;
  /** Ends with the last request of the list instead of beginning again. */
  readonly once: boolean;
  /** A shorter body counts as a failure, and so does another status than 200. */
  readonly leastBytes: number;
  /** The server process whose CPU time and memory are read. */
  readonly serverPid: number;
}

/** What one window of load showed. */
export interface LoadFigures {
  readonly requests: number;
  readonly failures: number;
  readonly perSecond: number;
  /** Milliseconds from writing a request to the last byte of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server process a request, in microseconds, system time included. */
  readonly cpuMicros: number;
  /** Share of the window that the server process was on its core. */
  readonly serverBusy: number;
  /** The same of the load generator: near 1 it is the generator that is measured. */
  readonly generatorBusy: number;
  /** Resident memory of the server process at the end, in MiB. */
  readonly memory: number;
}
