import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { keptSecret } from './kept-secret.js';

describe('keptSecret', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is the same on the next run', async () => {
    const file = join(folder, 'secret-key');
    const first = await keptSecret(file);
    expect(first).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await keptSecret(file)).toBe(first);
  });

  it('is for its owner only', async () => {
    const file = join(folder, 'secret-key');
    await keptSecret(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
