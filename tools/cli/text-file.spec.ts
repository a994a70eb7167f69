import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readTextFile } from './text-file.js';

const TEXT = 'käse.example.com\r\n';
const MARKED = Buffer.from(`\ufeff${TEXT}`, 'utf16le');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'text-file-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('a text file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16, little end first', MARKED],
    ['UTF-16, big end first', Buffer.from(MARKED).swap16()],
  ])('is read as %s', async (_name, bytes) => {
    const file = join(folder, 'text');
    await writeFile(file, bytes);
    await expect(readTextFile(file)).resolves.toBe(TEXT);
  });

  it('that is not there is named with the reason', async () => {
    const file = join(folder, 'missing');
    await expect(readTextFile(file)).rejects.toMatchObject({
      code: 'unreadable-file',
      message: `cannot read ${file}: ENOENT`,
    });
  });
});
