import { countAt, objectAt, ShapeMismatch } from './json.schema.js';

/** Queries of this month: made, and allowed by the plan. The first may lag (securitytrails-api 1.4). */
export interface Usage {
  used: number;
  allowed: number;
}

/**
 * Reads a body of `account/usage`.
 *
 * @throws ShapeMismatch
 */
export function usageOf(json: unknown): Usage {
  const root = objectAt(json, 'body');
  return {
    used: countAt(root['current_monthly_usage'], 'current_monthly_usage'),
    allowed: countAt(root['allowed_monthly_usage'], 'allowed_monthly_usage'),
  };
}

/**
 * Accepts a body of `ping`: any object that does not deny its success.
 *
 * @throws ShapeMismatch
 */
export function acceptPing(json: unknown): void {
  if (objectAt(json, 'body')['success'] === false) {
    throw new ShapeMismatch('success');
  }
}
