import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import { productVersion } from './product-version.js';

describe('productVersion', () => {
  it('is what package.json says', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(productVersion()).toBe(version);
  });
});
