/** Injection tokens of what has no class of its own. */
export const CONFIG = Symbol('CONFIG');
/** A {@link Clock}. */
export const CLOCK = Symbol('CLOCK');
export const LOGGER = Symbol('LOGGER');
export const METRICS = Symbol('METRICS');

/** Epoch milliseconds. */
export type Clock = () => number;
