import { describe, expect, it } from '@jest/globals';

import { detect } from './detector.js';
import { decodeHistory, encodeHistory } from './history.codec.js';
import type { KnownHistory } from './known-history.js';
import { ADDRESS, day, look, shownOn, span } from './testing/synthetic-history.js';

/** A history of so many intervals over a few hosters, watched for a month. */
function watched(intervals: number): KnownHistory {
  const history = Array.from({ length: intervals }, (_, index) => {
    const begin = 3 * (intervals - index);
    const host = (index * 7) % 20;
    return {
      first: day(begin),
      last: day(begin + 2),
      values: [`192.0.2.${host}`, `198.51.100.${host}`],
      orgs: [`Example Hosting ${host % 5} Inc.`],
    };
  });
  const start = 3 * intervals;
  let known = detect(undefined, look(day(start), shownOn(history, day(start)))).history;
  for (let more = 1; more <= 30; more += 1) {
    known = detect(known, look(day(start + more), shownOn(history, day(start + more)))).history;
  }
  return known;
}

describe('the form in which a history is kept', () => {
  it('gives back hosts of an address, those learned late too', () => {
    const part = { ...ADDRESS, reach: { since: null } } as const;
    const hosts = ['a.example.com', 'b.example.com'].map((host) => span(null, null, host));
    const first = detect(undefined, look(day(0), hosts.slice(1), part)).history;
    const known = detect(first, look(day(1), hosts, part)).history;
    expect(known.intervals.map(({ late }) => late)).toEqual([true, false]);
    expect(decodeHistory(encodeHistory(known))).toEqual(known);
  });

  it.each([
    [1, 250],
    [10, 500],
    [400, 6_000],
  ])('takes little room: %i intervals at most %i bytes', (intervals, most) => {
    const { length } = encodeHistory(watched(intervals));
    expect(length).toBeLessThanOrEqual(most);
  });

  it.each([
    ['nothing', ''],
    ['another form', '9{}'],
    ['damaged text', '1{"h":'],
    ['damaged bytes', '2abc'],
    ['places that do not exist', '1{"h":[0,0,1],"t":[],"v":[],"o":[],"c":[],"i":[],"w":[]}'],
  ])('does not take %s for a history', (_, text) => {
    expect(() => decodeHistory(Buffer.from(text))).toThrow(
      expect.objectContaining({ name: 'ChangesError', code: 'history_unreadable' }),
    );
  });
});
