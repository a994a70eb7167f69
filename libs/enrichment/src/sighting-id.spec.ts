import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sightingId } from './sighting-id.js';

describe('sightingId', () => {
  it('is a transient id with a UUID of version 8', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (facts) => {
        expect(sightingId(facts)).toMatch(
          /^transient:sighting-[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('is the same for the same facts in every process and release', () => {
    expect(sightingId(['domain', 'www.example.com', 1])).toBe(
      'transient:sighting-1d8ab1ee-6ec9-8776-980a-f393461a92fb',
    );
  });

  it('is another for other facts', () => {
    const json = fc.array(fc.oneof(fc.string(), fc.nat(), fc.constant(null)));
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(sightingId(a) === sightingId(b)).toBe(same);
      }),
    );
  });
});
