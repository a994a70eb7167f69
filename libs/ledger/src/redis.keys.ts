/** One hash tag for all: a script touches many keys, also in a cluster. */
const PREFIX = '{st}:l';

/** The tenants that have ever booked a call. */
export const TENANTS = `${PREFIX}:tenants`;

/** What all keys of a tenant begin with; the scripts append to it as this file does. */
export function baseKey(tenant: string): string {
  return `${PREFIX}:${tenant}`;
}

/** Counters of a month, `YYYY-MM`. */
export function monthKey(tenant: string, month: string): string {
  return `${baseKey(tenant)}:m:${month.replaceAll('-', '')}`;
}

/** Calls of a day, `YYYY-MM-DD`, by cause, list, endpoint and result. */
export function dayKey(tenant: string, day: string): string {
  return `${baseKey(tenant)}:d:${day.replaceAll('-', '')}`;
}

/** Calls of a day by observable. */
export function observablesKey(tenant: string, day: string): string {
  return `${baseKey(tenant)}:o:${day.replaceAll('-', '')}`;
}

/** Calls by hour. */
export function paceKey(tenant: string): string {
  return `${baseKey(tenant)}:pace`;
}
