import { csvCells } from './csv-line.js';

/** Where in a row of CSV is what. */
export interface BulkColumns {
  readonly delimiter: string;
  /** Several where a table has one for addresses and one for names. */
  readonly values: readonly number[];
  readonly note: number | undefined;
  readonly expires: number | undefined;
}

const VALUE_NAMES = new Set([
  'value',
  'observable',
  'indicator',
  'ioc',
  'domain',
  'domains',
  'fqdn',
  'host',
  'hostname',
  'ip',
  'ipv4',
  'ipv6',
  'ip address',
  'address',
  'url',
  'email',
]);
const NOTE_NAMES = new Set(['note', 'notes', 'comment', 'comments', 'description', 'remark']);
const EXPIRES_NAMES = new Set([
  'expires',
  'expiry',
  'expiration',
  'expires_at',
  'expiresat',
  'expires at',
  'valid_until',
  'ttl',
]);
const DELIMITERS = [',', ';', '\t'];
/** A header is short; a long first line is data. */
const MAX_HEADER = 1_000;

/** The columns of a header row; undefined when the line is none. */
export function readHeader(line: string): BulkColumns | undefined {
  if (line.length > MAX_HEADER) {
    return undefined;
  }
  const delimiter = DELIMITERS.find((one) => line.includes(one)) ?? ',';
  const names = csvCells(line, delimiter).map((cell) => cell.trim().toLowerCase());
  const values = names.flatMap((name, index) => (VALUE_NAMES.has(name) ? index : []));
  return values.length === 0
    ? undefined
    : {
        delimiter,
        values,
        note: indexIn(names, NOTE_NAMES),
        expires: indexIn(names, EXPIRES_NAMES),
      };
}

function indexIn(names: readonly string[], wanted: ReadonlySet<string>): number | undefined {
  const index = names.findIndex((name) => wanted.has(name));
  return index < 0 ? undefined : index;
}
