import type { EndpointName } from './endpoints.js';
import type { SecurityTrailsErrorCode } from './errors.js';

/** One HTTP call about to be made; `attempt` counts from 1 and grows with each retry. */
export interface UpstreamCall {
  readonly endpoint: EndpointName;
  readonly attempt: number;
}

/** How one HTTP call ended. */
export interface CallOutcome {
  /** HTTP status, when an answer had begun. */
  readonly status?: number;
  /** Absent when the call gave a usable answer. */
  readonly error?: SecurityTrailsErrorCode;
  /** There on a throttle; `waitMs` only when upstream named a time. */
  readonly throttle?: { readonly waitMs?: number };
  /** There, and true, when upstream says that the quota is used up. */
  readonly quotaExhausted?: boolean;
  readonly durationMs: number;
}

/**
 * Asked before and told after every single HTTP call, retries included. A gate that rejects stops
 * the call with its own error, and is then not told. `leave` follows each passed `enter` exactly
 * once and must not throw.
 */
export interface CallGate {
  enter(call: UpstreamCall): Promise<void>;
  leave(call: UpstreamCall, outcome: CallOutcome): void;
}
