/** The rules of the closed model: what CTIM itself refuses (ctim 2). */
export type ModelRule =
  | 'closed'
  | 'id'
  | 'integer'
  | 'length'
  | 'null'
  | 'order'
  | 'required'
  | 'schema-version'
  | 'time'
  | 'type'
  | 'uri'
  | 'vocabulary';

/** The rules of good sense: what CTIM lets pass and nobody can use (ctim 8). */
export type SenseRule =
  | 'sense.asked'
  | 'sense.count'
  | 'sense.id'
  | 'sense.observable-value'
  | 'sense.required-cell'
  | 'sense.resolved-to'
  | 'sense.row-count'
  | 'sense.row-length'
  | 'sense.source-uri'
  | 'sense.unique-id';

/** The rules of an answer's entity map (relay-protocol 0.4, 1.4). */
export type MapRule = 'count' | 'empty' | 'unique';

export type Rule = ModelRule | SenseRule | MapRule;

/** One fault of a document. */
export interface Violation {
  /** Where, as in `relations[0].source.type`; the empty text is the document itself. */
  readonly path: string;
  readonly rule: Rule;
  /** For people; never quotes the value. */
  readonly message: string;
}

export type Violations = readonly Violation[];

/** Looks at a value of unknown make; an empty list means that it is good. */
export type Check = (value: unknown, path: string) => Violations;

/** A check of one rule: a violation wherever the predicate says no. */
export function rule(name: Rule, message: string, isGood: (value: unknown) => boolean): Check {
  return (value, path) => (isGood(value) ? [] : [{ path, rule: name, message }]);
}
