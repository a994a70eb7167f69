import { resolve } from 'node:path';

import { expect } from '@jest/globals';

import { validateEntityMap } from '#ctim';

/** What of our inside no caller may see: secrets, places on the disk, stacks. */
const INSIDE = [
  /CANARY/i,
  new RegExp(resolve('.').replaceAll(/[/\\.]/g, '\\$&')),
  /node_modules|node:internal|file:\/\//,
  /\n\s+at .+:\d+/,
];

export interface AnswerParts {
  readonly status: number;
  readonly text: string;
}

/** Fails when an answer, whatever it says, shows something of the relay's inside. */
export function expectNothingInside({ text }: AnswerParts): void {
  for (const pattern of INSIDE) {
    expect(text).not.toMatch(pattern);
  }
}

/**
 * Fails unless the answer is an observe answer of the protocol (relay-protocol 1.4).
 *
 * @param given values that were asked about: echoed as given, blanks around them included, which is
 *   the one thing in a document that may not fit its type.
 */
export function expectObserveAnswer(answer: AnswerParts, given: readonly string[] = []): void {
  expectNothingInside(answer);
  expect(answer.status).toBe(200);
  const text = given.reduce(withoutBlanks, answer.text);
  const { data, errors, ...rest } = JSON.parse(text) as Record<string, unknown>;
  expect(rest).toEqual({});
  expect(data ?? errors).toBeDefined();
  expect(data === undefined ? [] : validateEntityMap(data)).toEqual([]);
  expectErrors(errors);
}

function withoutBlanks(text: string, value: string): string {
  const field = (inner: string): string => `"value":${JSON.stringify(inner)}`;
  return text.replaceAll(field(value), field(value.trim()));
}

/** Fails unless the answer is a refer answer of the protocol (relay-protocol 1.7). */
export function expectReferAnswer(answer: AnswerParts): void {
  expectNothingInside(answer);
  expect(answer.status).toBe(200);
  const { data, errors, ...rest } = JSON.parse(answer.text) as Record<string, unknown>;
  expect(rest).toEqual({});
  if (errors === undefined) {
    expect(data).toBeInstanceOf(Array);
  }
  expectErrors(errors);
}

/** Absent, or a list of objects of exactly three texts that is not empty (relay-protocol 0.5). */
function expectErrors(errors: unknown): void {
  if (errors === undefined) {
    return;
  }
  expect(errors).not.toEqual([]);
  for (const error of errors as readonly Record<string, unknown>[]) {
    expect(error).toEqual({
      code: expect.stringMatching(/^[a-z ]+$/),
      message: expect.any(String),
      type: expect.stringMatching(/^(?:fatal|warning|error)$/),
    });
  }
}
