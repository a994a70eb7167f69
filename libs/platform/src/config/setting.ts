/** What a parser makes of a text: the value, or what is wrong with it (never quoting the text). */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/**
 * One environment variable: everything that parsing, `.env.example`, the README table and redaction
 * need to know about it.
 */
export interface Setting<T> {
  readonly name: string;
  /** What it means, in one sentence without a final full stop. */
  readonly description: string;
  /** A text that is accepted; ends every fault line. */
  readonly example: string;
  /** Parsed when the variable is unset; without it (and without `sameAs`) the setting is optional. */
  readonly defaultText?: string;
  /** The variable whose text is taken when this one is unset. */
  readonly sameAs?: string;
  /** An empty text is a value of its own instead of "unset". */
  readonly emptyIsValue?: true;
  /** The whole value is secret: shown as `[set]`, also readable from `NAME_FILE`. */
  readonly secret?: true;
  /** Part of the value is secret: shown through this function, also readable from `NAME_FILE`. */
  readonly mask?: (text: string) => string;
  readonly parse: (text: string) => Parsed<T>;
}

/** The settings of one area: one definition for every field of its typed object. */
export type AreaSettings<Area extends object> = {
  readonly [Key in keyof Area]-?: Setting<Exclude<Area[Key], undefined>>;
};

/** What is wrong with one variable; holds no value of any variable. */
export interface ConfigFault {
  readonly name: string;
  readonly problem: string;
  readonly example: string;
}

/** The one line that is printed for a fault. */
export function faultLine(fault: ConfigFault): string {
  return `${fault.name}: ${fault.problem}, e.g. ${fault.example}`;
}
