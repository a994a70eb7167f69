import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { answerCodec } from './answer.codec.js';
import { Answer } from './answer.js';
import type { Wish } from './answer.js';
import { NONE } from './paged/pages.js';
import type { Pages } from './paged/pages.js';
import { question } from './question.js';
import { ScriptedSource } from './testing/scripted-source.js';

const NAME = 'www.example.com';
const QUESTION = question('a', { type: 'domain', value: NAME });
const FETCHED_AT = Date.parse('2026-03-10T12:34:56.789Z');

function wish(rest: Partial<Wish> = {}): Wish {
  return {
    given: { type: 'domain', value: NAME },
    depth: 1,
    occurrence: 1,
    queriedAt: undefined,
    ...rest,
  };
}

function answerOf(pages: Pages<unknown>, source = new ScriptedSource()): Answer {
  return new Answer({ source, question: QUESTION, fetchedAt: FETCHED_AT, pages });
}

const TWO_PAGES: Pages<string> = {
  items: ['one', 'two', 'three'],
  sizes: [2, 1],
  total: 4,
  reachable: 3,
  complete: false,
  recordCount: 240,
};

describe('answerCodec', () => {
  it('gives back what was stored, whatever the items are', () => {
    const source = new ScriptedSource();
    const codec = answerCodec([source]);
    const items = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '"', '}{', '\u2028', '🏢')),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 5 }), fc.boolean(), (list, depth, complete) => {
        const pages = { items: list, sizes: [list.length], total: 3, reachable: 2, complete };
        const answer = answerOf(pages, source);
        answer.draw(wish({ depth }));
        const read = codec.decode(codec.encode(answer));
        expect(read.pages).toEqual(pages);
        expect(read.summary).toMatchObject({ sizes: [list.length], total: 3, complete });
        expect(read.question).toEqual(QUESTION);
        expect(read.fetchedAt).toBe(FETCHED_AT);
        expect(read.source).toBe(source);
        expect([...read.drawn]).toEqual([...answer.drawn]);
      }),
    );
  });

  it('serves the same bytes before and after it was stored, without drawing again', () => {
    const source = new ScriptedSource();
    const answer = answerOf(TWO_PAGES, source);
    const before = [1, 2].map((depth) => answer.draw(wish({ depth })));
    const codec = answerCodec([source]);
    const read = codec.decode(codec.encode(answer));
    const after = [1, 2].map((depth) => read.draw(wish({ depth })));
    expect(after).toEqual(before);
    expect(source.drawings).toBe(2);
  });

  it('keeps "nothing to see" as it is', () => {
    const source = new ScriptedSource();
    const codec = answerCodec([source]);
    const answer = answerOf({ ...NONE, sizes: [0] }, source);
    expect(answer.draw(wish())).toBeNull();
    expect(codec.decode(codec.encode(answer)).draw(wish())).toBeNull();
    expect(source.drawings).toBe(1);
  });

  it('reads the items only when somebody needs them', () => {
    const source = new ScriptedSource();
    const codec = answerCodec([source]);
    const answer = answerOf(TWO_PAGES, source);
    const sighting = answer.draw(wish());
    const bytes = codec.encode(answer);
    bytes.fill('?', bytes.indexOf('["one"'), bytes.indexOf('"three"]') + '"three"]'.length);
    const read = codec.decode(bytes);
    expect(read.draw(wish())).toEqual(sighting);
    expect(read.used(9)).toBe(2);
    expect(() => read.pages).toThrow(SyntaxError);
  });

  it('refuses an answer of a source that is switched off', () => {
    const bytes = answerCodec([]).encode(answerOf(TWO_PAGES));
    expect(() => answerCodec([new ScriptedSource('other')]).decode(bytes)).toThrow(RangeError);
  });

  it('refuses an answer of another format', () => {
    const codec = answerCodec([new ScriptedSource()]);
    const text = codec.encode(answerOf(TWO_PAGES)).toString();
    const other = text.replace('"format":1', '"format":2');
    expect(other).not.toBe(text);
    expect(() => codec.decode(Buffer.from(other))).toThrow(RangeError);
  });

  it('refuses bytes that are no answer', () => {
    const codec = answerCodec([new ScriptedSource()]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => codec.decode(Buffer.from(bytes))).toThrow();
      }),
    );
  });
});

describe('Answer', () => {
  it('draws the usual sighting once a number of pages', () => {
    const source = new ScriptedSource();
    const answer = answerOf(TWO_PAGES, source);
    const drawn = [1, 1, 2, 7, 100].map((depth) => answer.draw(wish({ depth })));
    expect(source.drawings).toBe(2);
    expect(drawn[0]).toBe(drawn[1]);
    expect(drawn[2]).toBe(drawn[4]);
    expect(drawn[0]).not.toEqual(drawn[2]);
  });

  it('leaves the document open at its end', () => {
    const drawn = answerOf(TWO_PAGES)
      .draw(wish({ depth: 2 }))
      ?.toString();
    expect(JSON.parse(`${drawn ?? ''},"short_description":"x"}`)).toMatchObject({
      type: 'sighting',
      description: 'one, two, three',
      short_description: 'x',
    });
  });

  it.each([
    ['another spelling', { given: { type: 'domain', value: 'WWW.example.com' } as const }],
    ['a second copy', { occurrence: 2 }],
    ['the moment of the call', { queriedAt: FETCHED_AT + 1 }],
  ])('draws anew for %s, and keeps none of it', (_, rest) => {
    const answer = answerOf(TWO_PAGES);
    const usual = answer.draw(wish());
    expect(answer.draw(wish(rest))).not.toEqual(usual);
    expect(answer.drawn.size).toBe(1);
    expect(answer.draw(wish())).toBe(usual);
  });
});
