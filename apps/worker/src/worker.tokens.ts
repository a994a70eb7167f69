/** The patient connection: it waits for jobs, and its commands wait for Redis. */
export const JOBS_REDIS = Symbol('JOBS_REDIS');
/** A `Watching`. */
export const WATCHING = Symbol('WATCHING');
/** The `Caller` with the one key that this worker holds. */
export const CALLER = Symbol('CALLER');
