export { canonicalise, OBSERVABLE_TYPES } from './canonical.js';
export type { CanonicalObservable, ObservableType } from './canonical.js';
