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

/** Leave to make one HTTP call. */
export interface CallPass {
  /** Sent as `X-Request-Id`, so that both sides can name the call. */
  readonly requestId?: string;
  /** Told how the call ended, exactly once; must not throw. */
  leave(outcome: CallOutcome): void;
}

/**
 * Asked before every single HTTP call, retries included. A gate that rejects stops the call with its
 * own error.
 */
export interface CallGate {
  enter(call: UpstreamCall): Promise<CallPass>;
}
