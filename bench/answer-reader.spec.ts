import { describe, expect, it } from '@jest/globals';

import { AnswerReader } from './answer-reader.js';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n';

function read(...chunks: string[]) {
  const reader = new AnswerReader();
  return chunks.map((chunk) => reader.take(Buffer.from(chunk)));
}

describe('AnswerReader', () => {
  it('gives an answer that comes in one piece', () => {
    expect(read(`${HEAD}\r\nhello`)).toEqual([{ status: 200, bytes: 5, last: false }]);
  });

  it('waits for the whole of an answer that comes in many pieces', () => {
    expect(read('HTTP/1.1 503 No\r\nContent-', 'Length: 5\r\n\r\nh', 'ell', 'o')).toEqual([
      undefined,
      undefined,
      undefined,
      { status: 503, bytes: 5, last: false },
    ]);
  });

  it('reads one answer after the other', () => {
    const [first, half, second] = read(`${HEAD}\r\nhello`, `${HEAD}\r\nhe`, 'llo');
    expect([first?.bytes, half, second?.bytes]).toEqual([5, undefined, 5]);
  });

  it('tells that the server will close the connection', () => {
    expect(read(`${HEAD}Connection: close\r\n\r\nhello`)[0]?.last).toBe(true);
  });
});
