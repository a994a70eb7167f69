import { expect, it } from '@jest/globals';

import type { EntryState } from './entry.js';
import { stateOf } from './entry.js';

it.each<[number, boolean, EntryState]>([
  [0, false, 'fresh'],
  [199, false, 'fresh'],
  [200, false, 'stale'],
  [299, false, 'stale'],
  [300, false, 'absent'],
  [0, true, 'negative'],
  [199, true, 'negative'],
  [200, true, 'absent'],
  [299, true, 'absent'],
])('at %i, negative %j, an entry fresh until 200 and kept until 300 is %s', (now, negative, is) => {
  const entry = { value: '', fetchedAt: 100, freshUntil: 200, keepUntil: 300, negative };
  expect(stateOf(entry, now)).toBe(is);
});
