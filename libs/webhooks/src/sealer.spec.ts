import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { makeSealer } from './sealer.js';

const sealer = makeSealer({ secret: 'a-long-random-text', randomBytes });

describe('makeSealer', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    const sealed = sealer.seal('CANARY', 'wh_1');
    expect(sealer.open(sealed, 'wh_1')).toBe('CANARY');
    expect(Buffer.from(sealed.slice(2), 'base64url').toString('latin1')).not.toContain('CANARY');
    expect(sealer.seal('CANARY', 'wh_1')).not.toBe(sealed);
  });

  it('opens nothing for another webhook', () => {
    const sealed = sealer.seal('CANARY', 'wh_1');
    expect(() => sealer.open(sealed, 'wh_2')).toThrow(
      expect.objectContaining({ code: 'unsealable' }),
    );
  });

  it.each([
    ['another key', makeSealer({ secret: 'another', randomBytes })],
    ['no key', makeSealer({ secret: undefined, randomBytes })],
  ])('opens nothing with %s', (_, other) => {
    const sealed = sealer.seal('CANARY', 'wh_1');
    expect(() => other.open(sealed, 'wh_1')).toThrow(
      expect.objectContaining({ code: 'unsealable' }),
    );
  });

  it.each(['', '1.', '1.AAAA', '2.AAAA'])('opens no %j', (sealed) => {
    expect(() => sealer.open(sealed, 'wh_1')).toThrow(
      expect.objectContaining({ code: 'unsealable' }),
    );
  });

  it('opens nothing that was altered', () => {
    const bytes = Buffer.from(sealer.seal('CANARY', 'wh_1').slice(2), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(() => sealer.open(`1.${altered.toString('base64url')}`, 'wh_1')).toThrow();
    }
  });

  it('opens what was stored before there was a key', () => {
    const sealed = makeSealer({ secret: undefined, randomBytes }).seal('CANARY', 'wh_1');
    expect(sealer.open(sealed, 'wh_1')).toBe('CANARY');
  });
});
