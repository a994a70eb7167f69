import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { BodyCodec } from './codec.js';
import { decodeEntry, encodeEntry, fetchedAtText } from './codec.js';
import type { Entry } from './entry.js';
import { textCodec } from './testing/world.js';

const ENTRY: Entry<string> = {
  value: 'body',
  fetchedAt: 1_750_000_000_001,
  freshUntil: 1_750_000_060_002,
  keepUntil: 1_750_000_600_003,
  negative: false,
};

const instant = fc.nat(9_999_999_999_999);
const entries = fc.record({
  value: fc.string({ unit: 'grapheme' }),
  fetchedAt: instant,
  freshUntil: instant,
  keepUntil: instant,
  negative: fc.boolean(),
});

describe('the stored form', () => {
  it('has the same layout in every release of this version', () => {
    const text = encodeEntry(ENTRY, textCodec).toString('latin1');
    expect(text.slice(0, 42)).toBe('01175000000000117500000600021750000600003-');
    expect(text.slice(42)).toMatch(/^[0-9a-f]{8}body$/);
    const negative = encodeEntry({ ...ENTRY, negative: true }, textCodec);
    expect(negative.toString('latin1', 41, 42)).toBe('N');
  });

  it('brings every entry back', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(decodeEntry(encodeEntry(entry, textCodec), textCodec)).toEqual(entry);
      }),
    );
  });

  it('brings fractions of a millisecond back as whole ones, and none before the epoch', () => {
    const entry = { ...ENTRY, freshUntil: ENTRY.freshUntil + 0.75, fetchedAt: -1 };
    expect(decodeEntry(encodeEntry(entry, textCodec), textCodec)).toEqual({
      ...ENTRY,
      fetchedAt: 0,
    });
  });

  it('orders entries by the time of their fetch', () => {
    fc.assert(
      fc.property(entries, entries, (one, two) => {
        const [a, b] = [one, two].map((entry) => fetchedAtText(encodeEntry(entry, textCodec)));
        expect(Math.sign((a ?? '').localeCompare(b ?? ''))).toBe(
          Math.sign(one.fetchedAt - two.fetchedAt),
        );
      }),
    );
  });
});

describe('bytes that are not such an entry', () => {
  it('are a miss when they are of another version', () => {
    const bytes = encodeEntry(ENTRY, textCodec);
    bytes.write('02', 'latin1');
    expect(decodeEntry(bytes, textCodec)).toBeUndefined();
  });

  it('are a miss when any one bit of them was flipped', () => {
    const bytes = encodeEntry(ENTRY, textCodec);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(decodeEntry(flipped, textCodec)).toBeUndefined();
    }
  });

  it('are a miss when the end is missing or more was added', () => {
    const bytes = encodeEntry(ENTRY, textCodec);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeEntry(bytes.subarray(0, length), textCodec)).toBeUndefined();
    }
    expect(decodeEntry(Buffer.concat([bytes, Buffer.from([0])]), textCodec)).toBeUndefined();
  });

  it('are a miss whatever they are', () => {
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const nearly = random.map((bytes) => Buffer.concat([Buffer.from('01'), bytes]));
    fc.assert(
      fc.property(fc.oneof(random, nearly), (bytes) => {
        expect(decodeEntry(bytes, textCodec)).toBeUndefined();
        expect(fetchedAtText(bytes)).toMatch(/^(?:\d{13})?$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are a miss when this build cannot read their body', () => {
    const codec: BodyCodec<string> = {
      ...textCodec,
      decode: () => {
        throw new SyntaxError('unknown body');
      },
    };
    expect(decodeEntry(encodeEntry(ENTRY, textCodec), codec)).toBeUndefined();
  });
});
