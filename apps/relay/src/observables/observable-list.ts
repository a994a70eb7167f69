import type { Observable } from '#ctim';

/** Most observables of one call; more would only meet the deadline. */
const MOST_OBSERVABLES = 1_000;

/** Marshmallow's words, which the contract has taken over (relay-protocol 1.3). */
const TEXT = {
  shape: 'Invalid input type.',
  missing: 'Missing data for required field.',
  null: 'Field may not be null.',
  type: 'Not a valid string.',
  blank: 'Field may not be blank.',
  count: `Longer than maximum length ${MOST_OBSERVABLES}.`,
} as const;

type FieldFaults = Partial<Record<'type' | 'value' | '_schema', readonly string[]>>;

/** What is wrong with a body: for the whole list, or by item. */
export type ListFaults = FieldFaults | Readonly<Record<string, FieldFaults>>;

export type ParsedList =
  { readonly observables: readonly Observable[] } | { readonly faults: ListFaults };

/**
 * The observables of a call's body. Any type passes, known or not; fields beyond type and value are
 * ignored; one malformed item refuses the call (relay-protocol 0.6, 1.3).
 */
export function parseObservableList(body: Buffer): ParsedList {
  const list = parseJson(body);
  if (!Array.isArray(list)) {
    return { faults: { _schema: [TEXT.shape] } };
  }
  if (list.length > MOST_OBSERVABLES) {
    return { faults: { _schema: [TEXT.count] } };
  }
  const faults: Record<string, FieldFaults> = {};
  const observables: Observable[] = [];
  list.forEach((item: unknown, index) => {
    const parsed = parseItem(item);
    if ('observable' in parsed) {
      observables.push(parsed.observable);
    } else {
      faults[String(index)] = parsed.faults;
    }
  });
  return observables.length === list.length ? { observables } : { faults };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function parseItem(item: unknown): { observable: Observable } | { faults: FieldFaults } {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return { faults: { _schema: [TEXT.shape] } };
  }
  const { type, value } = item as Record<string, unknown>;
  if (isText(type) && isText(value)) {
    // The model's closed list is wider than ours; what is not ours is ignored further on.
    return { observable: { type: type as Observable['type'], value } };
  }
  return { faults: { ...fieldFaults('type', item), ...fieldFaults('value', item) } };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function fieldFaults(name: 'type' | 'value', item: object): FieldFaults {
  const text = faultOf(Object.hasOwn(item, name), (item as Record<string, unknown>)[name]);
  return text === undefined ? {} : { [name]: [text] };
}

function faultOf(given: boolean, value: unknown): string | undefined {
  if (!given) {
    return TEXT.missing;
  }
  if (value === null) {
    return TEXT.null;
  }
  if (typeof value !== 'string') {
    return TEXT.type;
  }
  return value === '' ? TEXT.blank : undefined;
}
