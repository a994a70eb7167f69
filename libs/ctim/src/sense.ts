import { isIPv4, isIPv6, isName } from './address.js';
import { isSightingId } from './identifier.js';
import type { Observable } from './observable.js';
import { each, get, inTurn, items, numberRule, textRule, under } from './shape.js';
import { COUNT_RANGE } from './sighting.js';
import { isWebUri } from './uri.js';
import { type Check, rule } from './violation.js';

/*
 * The checks of good sense (ctim 8): each follows the model's own check of the same value, and finds
 * nothing in what that one has refused already.
 */

const VALUE_FITS = new Map<unknown, (value: string) => boolean>([
  ['ip', isIPv4],
  ['ipv6', isIPv6],
  ['domain', isName],
]);
const NAMES: ReadonlySet<unknown> = new Set(['domain', 'hostname']);
const ADDRESSES: ReadonlySet<unknown> = new Set(['ip', 'ipv6']);

export const sightingId = textRule(
  'sense.id',
  'does not name a sighting by a UUID in lower case',
  isSightingId,
);

export const sightingCount = numberRule(
  'sense.count',
  `is not between ${COUNT_RANGE.least} and ${COUNT_RANGE.most}`,
  (count) => count >= COUNT_RANGE.least && count <= COUNT_RANGE.most,
);

export const webUri = textRule(
  'sense.source-uri',
  'is not an absolute http or https URI',
  isWebUri,
);

/** An `ip` is IPv4, an `ipv6` IPv6, a `domain` a DNS name; the other types may hold anything. */
export const observableValue: Check = (observable, path) => {
  const fits = VALUE_FITS.get(get(observable, 'type')) ?? (() => true);
  const check = textRule('sense.observable-value', 'does not fit its type', fits);
  return under('value', check)(observable, path);
};

export const resolvedTo = rule(
  'sense.resolved-to',
  'does not run from a name to an address',
  (relation) =>
    get(relation, 'relation') !== 'Resolved_To' ||
    (NAMES.has(get(get(relation, 'source'), 'type')) &&
      ADDRESSES.has(get(get(relation, 'related'), 'type'))),
);

/** One cell per column in every row, no null where the column forbids it, and the rows counted. */
export const tableRows: Check = (table, path) => {
  const total = items(get(table, 'rows')).length;
  const counted = rule(
    'sense.row-count',
    'is not the number of rows',
    (count) => count === undefined || count === total,
  );
  const row = tableRow(items(get(table, 'columns')));
  return [...under('rows', each(row))(table, path), ...under('row_count', counted)(table, path)];
};

function tableRow(columns: readonly unknown[]): Check {
  const full = rule(
    'sense.row-length',
    'does not have one cell per column',
    (row) => items(row).length === columns.length,
  );
  return inTurn(full, (row, path) =>
    columns.flatMap((column, index) =>
      get(column, 'required') === false ? [] : requiredCell(items(row)[index], `${path}[${index}]`),
    ),
  );
}

const requiredCell = rule(
  'sense.required-cell',
  'is null in a column that requires values',
  (cell) => cell !== null,
);

/** An observable among those the caller asked about, spelt as the caller spelt it. */
export function askedAbout(asked: readonly Observable[]): Check {
  return rule('sense.asked', 'was not asked about', (observable) =>
    asked.some(
      ({ type, value }) => get(observable, 'type') === type && get(observable, 'value') === value,
    ),
  );
}
