import type { AuditEvent, AuditResult } from './audit-event.js';

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  /** Epoch milliseconds, inclusive. */
  readonly since?: number;
}

export interface AuditPage {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  readonly hasMore: boolean;
}

export interface AuditQuery {
  readonly first: number;
  /** The cursor of an event; undefined: from the newest. */
  readonly after?: string;
  readonly filter?: AuditFilter;
}

export interface AuditStore {
  /** Writes a new event, and lets go of what is too old or too many. */
  append(event: AuditEvent): Promise<void>;
  /** Says once how it ended; false: that was said before, or the event is gone. */
  conclude(id: string, result: AuditResult): Promise<boolean>;
  find(id: string): Promise<AuditEvent | undefined>;
  /** @throws AuditError `bad_cursor` */
  page(query: AuditQuery): Promise<AuditPage>;
  count(filter?: AuditFilter): Promise<number>;
}
