import { BUNDLE_KEYS } from './bundle.js';
import { sighting } from './model.js';
import type { Observable } from './observable.js';
import { askedAbout } from './sense.js';
import {
  all,
  anything,
  closed,
  each,
  get,
  inTurn,
  isEntries,
  items,
  listOf,
  natural,
  under,
} from './shape.js';
import { type Check, type Rule, rule, type Violation } from './violation.js';

export interface ValidationOptions {
  /** What the caller asked about: the observables of every document must be among these. */
  readonly askedObservables?: readonly Observable[];
}

/**
 * The faults of what claims to be a CTIM sighting: first of all those that CTIM itself finds (closed
 * maps, types, limits, vocabularies, ctim 2), and as rules named `sense.*` what it lets pass though
 * it makes no sense (ctim 8). A value that breaks the model is not asked for sense too.
 *
 * @returns an empty list for a good document. Never throws, whatever JSON the document is.
 */
export function validateSighting(doc: unknown, options: ValidationOptions = {}): Violation[] {
  return [...sightingAbout(options)(doc, '')];
}

/**
 * The faults of an observe answer's data (relay-protocol 0.4, 1.4): only the platform's keys, counts
 * that agree, no empty group, no document or id twice, and every sighting valid. Documents of other
 * kinds are not looked into.
 *
 * @returns an empty list for a good map. Never throws, whatever JSON the map is.
 */
export function validateEntityMap(data: unknown, options: ValidationOptions = {}): Violation[] {
  const others = Object.fromEntries(BUNDLE_KEYS.map((key) => [key, group(anything)]));
  return [...closed({}, { ...others, sightings: group(sightingAbout(options)) })(data, '')];
}

function sightingAbout({ askedObservables }: ValidationOptions): Check {
  return askedObservables === undefined
    ? sighting
    : all(sighting, under('observables', each(askedAbout(askedObservables))));
}

function group(doc: Check): Check {
  const docs = all(
    notEmpty,
    each(doc),
    distinct(rendering, 'unique', 'is there twice'),
    distinct(idOf, 'sense.unique-id', 'has the id of another document'),
  );
  const map = closed({ count: natural, docs: listOf(anything) });
  return inTurn(map, agreeingCount, under('docs', docs));
}

const notEmpty = rule('empty', 'has no documents', (docs) => items(docs).length > 0);

const agreeingCount: Check = (map, path) => {
  const { length } = items(get(map, 'docs'));
  return under(
    'count',
    rule('count', 'is not the number of documents', (count) => count === length),
  )(map, path);
};

/** Every item that is the same in this respect as one before it. */
function distinct(of: (item: unknown) => unknown, name: Rule, message: string): Check {
  return (list, path) => {
    const seen = new Set<unknown>();
    const isNew = (item: unknown): boolean => {
      const mark = of(item);
      const size = seen.size;
      return mark === undefined || seen.add(mark).size > size;
    };
    return each(rule(name, message, isNew))(list, path);
  };
}

function idOf(doc: unknown): unknown {
  return get(doc, 'id');
}

/** The document as text, whatever the order of its keys; undefined for what JSON cannot hold. */
function rendering(doc: unknown): string | undefined {
  try {
    return JSON.stringify(doc, sortedKeys);
  } catch {
    return undefined;
  }
}

function sortedKeys(_key: string, value: unknown): unknown {
  return isEntries(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
