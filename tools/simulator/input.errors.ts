/** Something asked of the simulator that cannot be done: which field, and why. */
export class SimulatorInputError extends Error {
  override readonly name = 'SimulatorInputError';
  readonly code = 'simulator_input';
  readonly field: string;
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}
