import type { Readable } from 'node:stream';

/** Where the commands touch the world, so that tests can stand there. */
export interface CliEdges {
  readonly env: NodeJS.ProcessEnv;
  /** Piped input, or the terminal. */
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results. */
  readonly print: (line: string) => void;
  /** Results of any length, in pieces; resolves when the reader keeps up. */
  readonly write: (text: string) => Promise<void>;
  /** Questions and remarks, apart from the results so that those can be piped on. */
  readonly remark: (text: string) => void;
  /** Aborted when the operator has had enough; asking for it takes Ctrl-C from the process. */
  readonly interruption: () => AbortSignal;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
