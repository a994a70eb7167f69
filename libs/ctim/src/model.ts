import { isId } from './identifier.js';
import { OBSERVABLE_TYPES } from './observable.js';
import * as sense from './sense.js';
import {
  anything,
  boolean,
  closed,
  get,
  inTurn,
  integer,
  listOf,
  mapOf,
  natural,
  oneOf,
  requiring,
  string,
  stringUpTo,
  textRule,
} from './shape.js';
import { LIMITS } from './text.js';
import { EARLIEST_MS, LATEST_MS, parseInstant } from './time.js';
import { isUri } from './uri.js';
import { type Check, rule } from './violation.js';
import { COLUMN_TYPES, CONFIDENCES, SEVERITIES, TLP_COLOURS } from './vocabulary.js';

const short = stringUpTo(LIMITS.short);
const medium = stringUpTo(LIMITS.medium);
const markdown = stringUpTo(LIMITS.long);
const uri = inTurn(string, textRule('uri', 'is no URI of 1 to 2048 units', isUri));

const id = inTurn(
  medium,
  textRule('id', 'is neither transient nor the address of a document', isId),
);

/** As lax as the model: the first dot may be anything (ctim 1). The length only bounds the search. */
const schemaVersion = inTurn(
  string,
  textRule(
    'schema-version',
    'is not three words with dots between',
    (value) => value.length <= LIMITS.short && /^\w+.\w+\.\w+$/.test(value),
  ),
);

const time = inTurn(
  string,
  textRule('time', 'is no RFC 3339 time in UTC from 1970 to 2525', (value) => {
    const ms = parseInstant(value);
    return ms !== undefined && ms >= EARLIEST_MS && ms <= LATEST_MS;
  }),
);

const observedTime = inTurn(
  closed({ start_time: time }, { end_time: time }),
  rule('order', 'ends before it starts', (value) => {
    const end = get(value, 'end_time');
    return end === undefined || milliseconds(get(value, 'start_time')) <= milliseconds(end);
  }),
);

function milliseconds(value: unknown): number {
  return (typeof value === 'string' ? parseInstant(value) : undefined) ?? Number.NaN;
}

const observable = inTurn(
  closed({ type: oneOf(OBSERVABLE_TYPES), value: string }),
  sense.observableValue,
);

const relation = inTurn(
  closed(
    { origin: string, relation: string, source: observable, related: observable },
    { origin_uri: uri, relation_info: mapOf(() => anything) },
  ),
  sense.resolvedTo,
);

const column = closed(
  { name: string, type: oneOf(COLUMN_TYPES) },
  { description: markdown, short_description: string, required: boolean },
);

const table = inTurn(
  closed({ columns: listOf(column), rows: listOf(listOf(anything)) }, { row_count: integer }),
  sense.tableRows,
);

const externalReference = closed(
  { source_name: medium },
  { url: uri, description: markdown, external_id: string, hashes: listOf(string) },
);

const device = { type: string, observables: listOf(observable) };

/** No source of ours tells of events on an endpoint: only what every event needs is checked (ctim 4). */
const event = inTurn(
  mapOf(() => anything),
  requiring(['type', 'time', 'process_id', 'process_name']),
);
const events = (kinds: readonly string[]): Check =>
  closed({}, Object.fromEntries(kinds.map((kind) => [`${kind}_events`, listOf(event)])));

const base = {
  revision: natural,
  external_ids: listOf(string),
  external_references: listOf(externalReference),
  timestamp: time,
  language: short,
  tlp: oneOf(TLP_COLOURS),
};

const describing = {
  title: short,
  description: markdown,
  short_description: medium,
  source: medium,
  source_uri: inTurn(uri, sense.webUri),
};

const ofSightings = {
  observables: listOf(observable),
  relations: listOf(relation),
  data: table,
  context: events([
    'process_create',
    'library_load',
    'file_create',
    'file_delete',
    'file_modify',
    'file_move',
    'netflow',
    'http',
    'registry_create',
    'registry_set',
    'registry_delete',
    'registry_rename',
  ]),
  targets: listOf(closed({ ...device, observed_time: observedTime }, { os: string })),
  sensor: string,
  sensor_coordinates: closed(device, { os: string }),
  severity: oneOf(SEVERITIES),
  resolution: string,
  internal: boolean,
  activity_interval: observedTime,
  detection_interval: observedTime,
  modification_interval: observedTime,
};

/** CTIM's Sighting (ctim 2-4): every key of it, and where good sense asks more, that as well. */
export const sighting = closed(
  {
    id: inTurn(id, sense.sightingId),
    type: oneOf(['sighting']),
    schema_version: schemaVersion,
    observed_time: observedTime,
    confidence: oneOf(CONFIDENCES),
    count: inTurn(natural, sense.sightingCount),
  },
  { ...base, ...describing, ...ofSightings },
);
