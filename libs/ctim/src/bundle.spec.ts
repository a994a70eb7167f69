import { describe, expect, it } from '@jest/globals';

import { entityMap } from './bundle.js';
import { transientId } from './identifier.js';
import { buildSighting } from './sighting.js';
import { validateEntityMap } from './validate.js';

const sighting = (last: string) =>
  buildSighting({
    id: transientId(`3f0c2c1e-1d3a-4a7c-9a55-0f8f6f3d2b1${last}`),
    observed_time: { start_time: '2026-08-19T09:30:00.000Z' },
    count: 1,
    observables: [{ type: 'domain', value: 'example.com' }],
  });

describe('entityMap', () => {
  it('is empty when there is nothing to group', () => {
    expect(entityMap([])).toEqual({});
  });

  it('counts its documents and keeps their order', () => {
    const docs = [sighting('0'), sighting('1')];
    expect(entityMap(docs)).toEqual({ sightings: { count: 2, docs } });
  });

  it('is a valid answer either way', () => {
    expect(validateEntityMap(entityMap([]))).toEqual([]);
    expect(validateEntityMap(entityMap([sighting('0'), sighting('1')]))).toEqual([]);
  });
});
