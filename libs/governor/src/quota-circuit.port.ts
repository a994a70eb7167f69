/** Whether the month's quota of an API key is used up. Shared by all processes. */
export interface QuotaCircuit {
  /** Until when the circuit is open (epoch milliseconds), or null while it is closed. */
  openUntil(tenant: string): Promise<number | null>;
  open(tenant: string, until: number): Promise<void>;
  close(tenant: string): Promise<void>;
}
