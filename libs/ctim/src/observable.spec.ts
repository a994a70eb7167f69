import { describe, expect, it } from '@jest/globals';

import { isObservableType, OBSERVABLE_TYPES } from './observable.js';

describe('observable types', () => {
  it('are the 63 of the model, each once and in order', () => {
    expect(new Set(OBSERVABLE_TYPES).size).toBe(63);
    expect([...OBSERVABLE_TYPES].sort()).toEqual(OBSERVABLE_TYPES);
  });

  it('are told from other words by their exact spelling', () => {
    expect(OBSERVABLE_TYPES.every(isObservableType)).toBe(true);
    expect(['', 'IP', 'ip ', 'ipv4', 'asn', 'constructor'].some(isObservableType)).toBe(false);
  });
});
