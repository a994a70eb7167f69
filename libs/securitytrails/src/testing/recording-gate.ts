import type { CallGate, CallOutcome, CallPass, UpstreamCall } from '../call-gate.port.js';

/** A gate that lets everything through and remembers it. */
export class RecordingGate implements CallGate {
  readonly entered: UpstreamCall[] = [];
  readonly left: { call: UpstreamCall; outcome: CallOutcome }[] = [];

  enter(call: UpstreamCall): Promise<CallPass> {
    this.entered.push(call);
    return Promise.resolve({
      requestId: `call-${this.entered.length}`,
      leave: (outcome) => {
        this.left.push({ call, outcome });
      },
    });
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
