export { BUNDLE_KEYS, entityMap } from './bundle.js';
export type { BundleKey, EntityGroup, EntityMap } from './bundle.js';
export { dataTable } from './data-table.js';
export type { Cell, Column, DataTable } from './data-table.js';
export { CtimError } from './errors.js';
export type { CtimErrorCode } from './errors.js';
export { transientId } from './identifier.js';
export { isObservableType, OBSERVABLE_TYPES } from './observable.js';
export type { Observable, ObservableType } from './observable.js';
export { OBSERVABLE_RELATIONS } from './relation.js';
export type { ObservableRelation, ObservedRelation, RelationInfoValue } from './relation.js';
export { buildSighting, COUNT_RANGE, CTIM_SCHEMA_VERSION } from './sighting.js';
export type {
  ExternalReference,
  SensorCoordinates,
  Sighting,
  SightingInput,
  SightingTarget,
} from './sighting.js';
export { endOfDay, instant, isCalendarDate, observedDays, startOfDay } from './time.js';
export type { ObservedTime, SeenDays } from './time.js';
export { validateEntityMap, validateSighting } from './validate.js';
export type { ValidationOptions } from './validate.js';
export type { Rule, Violation } from './violation.js';
export type { ColumnType, Confidence, Severity, TlpColour } from './vocabulary.js';
