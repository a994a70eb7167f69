import { type Check, type Rule, rule } from './violation.js';

type Fields = Readonly<Record<string, Check>>;
type Entries = Readonly<Record<string, unknown>>;

/** Whether the value is a map: neither list nor null. */
export function isEntries(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under a key; undefined when there is no such key, or no map to have it. */
export function get(value: unknown, key: string): unknown {
  return isEntries(value) ? value[key] : undefined;
}

/** The items of a list; what is no list has none. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What every check finds. */
export function all(...checks: readonly Check[]): Check {
  return (value, path) => checks.flatMap((check) => check(value, path));
}

/** What the first check finds; only when that is nothing, what the others find. */
export function inTurn(first: Check, ...others: readonly Check[]): Check {
  return (value, path) => {
    const found = first(value, path);
    return found.length > 0 ? found : all(...others)(value, path);
  };
}

/** A rule about strings; other values break it. */
export function textRule(name: Rule, message: string, isGood: (value: string) => boolean): Check {
  return rule(name, message, (value) => typeof value === 'string' && isGood(value));
}

/** A rule about numbers; other values break it. */
export function numberRule(name: Rule, message: string, isGood: (value: number) => boolean): Check {
  return rule(name, message, (value) => typeof value === 'number' && isGood(value));
}

const isMap = rule('type', 'is not a map', isEntries);
const notNull = rule('null', 'is null instead of absent', (value) => value !== null);
const isThere = rule('required', 'is missing', (value) => value !== undefined);
const unknownKey = rule('closed', 'is not a key of the model', () => false);

export const anything: Check = () => [];
export const string = textRule('type', 'is not a string', () => true);
export const boolean = rule('type', 'is not a boolean', (value) => typeof value === 'boolean');
export const integer = numberRule('integer', 'is not an integer', Number.isSafeInteger);
export const natural = numberRule(
  'integer',
  'is not an integer from 0 up',
  (value) => Number.isSafeInteger(value) && value >= 0,
);

/** A string of at most so many UTF-16 units. */
export function stringUpTo(max: number): Check {
  const fits = textRule('length', `is over ${max} UTF-16 units`, (value) => value.length <= max);
  return inTurn(string, fits);
}

/** One word of a closed list. */
export function oneOf(words: readonly string[]): Check {
  const isListed = (value: string): boolean => words.includes(value);
  return inTurn(string, textRule('vocabulary', 'is not in the vocabulary', isListed));
}

/** The check, applied to every item; what is no list has none. */
export function each(item: Check): Check {
  return (value, path) => items(value).flatMap((it, index) => item(it, `${path}[${index}]`));
}

/** A list whose every item passes. */
export function listOf(item: Check): Check {
  return inTurn(rule('type', 'is not a list', Array.isArray), each(item));
}

/** The check, applied to what is under the key; to undefined when nothing is. */
export function under(key: string, check: Check): Check {
  return (value, path) => check(get(value, key), path === '' ? key : `${path}.${key}`);
}

/** A map whose every entry passes the check for its key; no entry is null. */
export function mapOf(checkFor: (key: string) => Check): Check {
  return inTurn(isMap, (value, path) =>
    keys(value).flatMap((key) => under(key, inTurn(notNull, checkFor(key)))(value, path)),
  );
}

/** A map in which these keys have values. */
export function requiring(required: readonly string[]): Check {
  return inTurn(isMap, ...required.map((key) => under(key, isThere)));
}

/** A map of exactly these keys: the required ones all there and no other one. */
export function closed(required: Fields, optional: Fields = {}): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return inTurn(
    isMap,
    mapOf((key) => known.get(key) ?? unknownKey),
    requiring(Object.keys(required)),
  );
}

/** A key with nothing under it is as good as absent: JSON drops it. */
function keys(value: unknown): readonly string[] {
  return isEntries(value) ? Object.keys(value).filter((key) => value[key] !== undefined) : [];
}
