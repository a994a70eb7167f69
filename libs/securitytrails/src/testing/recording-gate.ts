import type { CallGate, CallOutcome, UpstreamCall } from '../call-gate.port.js';

/** A gate that lets everything through and remembers it. */
export class RecordingGate implements CallGate {
  readonly entered: UpstreamCall[] = [];
  readonly left: { call: UpstreamCall; outcome: CallOutcome }[] = [];

  enter(call: UpstreamCall): Promise<void> {
    this.entered.push(call);
    return Promise.resolve();
  }

  leave(call: UpstreamCall, outcome: CallOutcome): void {
    this.left.push({ call, outcome });
  }

  /** The outcomes without the one field that depends on the machine. */
  get outcomes() {
    return this.left.map(({ outcome: { status, error, throttle, quotaExhausted } }) => ({
      status,
      error,
      throttle,
      quotaExhausted,
    }));
  }
}
