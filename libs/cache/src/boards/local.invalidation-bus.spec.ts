import { expect, it } from '@jest/globals';

import { LocalInvalidationBus } from './local.invalidation-bus.js';

it('is always connected, and there is nobody to tell or to hear', async () => {
  const bus = new LocalInvalidationBus();
  expect(bus.connected).toBe(true);
  expect(() => {
    bus.subscribe();
  }).not.toThrow();
  await expect(bus.publish()).resolves.toBeUndefined();
});
