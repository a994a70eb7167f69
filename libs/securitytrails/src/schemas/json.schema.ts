export type JsonObject = Readonly<Record<string, unknown>>;

/** A field that is not what it is known to be; `at` is its path and holds nothing of upstream's. */
export class ShapeMismatch extends Error {
  constructor(readonly at: string) {
    super(`unexpected shape at ${at}`);
    this.name = 'ShapeMismatch';
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** @throws ShapeMismatch unless it is an object (an array is none). */
export function objectAt(value: unknown, at: string): JsonObject {
  if (!isObject(value)) {
    throw new ShapeMismatch(at);
  }
  return value;
}

/** @throws ShapeMismatch unless it is an array. */
export function arrayAt(value: unknown, at: string): readonly unknown[] {
  if (!isArray(value)) {
    throw new ShapeMismatch(at);
  }
  return value;
}

/** @throws ShapeMismatch unless it is a string. */
export function stringAt(value: unknown, at: string): string {
  if (typeof value !== 'string') {
    throw new ShapeMismatch(at);
  }
  return value;
}

/** @throws ShapeMismatch unless it is a whole number from 0 up. */
export function countAt(value: unknown, at: string): number {
  const count = countIn(value);
  if (count === undefined) {
    throw new ShapeMismatch(at);
  }
  return count;
}

/** The whole number from 0 up, if it is one. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
