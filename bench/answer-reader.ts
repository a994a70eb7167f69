const HEAD_END = '\r\n\r\n';

/** One whole answer. */
export interface ReadAnswer {
  readonly status: number;
  readonly bytes: number;
  /** The server will close the connection. */
  readonly last: boolean;
}

/** Just enough HTTP to know where an answer with a content-length ends; there is no pipelining. */
export class AnswerReader {
  #head = '';
  #left = 0;
  #answer: ReadAnswer | undefined;

  /** Takes the next bytes of the connection; gives the answer once they complete it. */
  take(chunk: Buffer): ReadAnswer | undefined {
    if (this.#answer === undefined) {
      this.#begin(chunk);
    } else {
      this.#left -= chunk.length;
    }
    if (this.#answer === undefined || this.#left > 0) {
      return undefined;
    }
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  #begin(chunk: Buffer): void {
    const end = chunk.indexOf(HEAD_END);
    if (end < 0) {
      this.#head += chunk.toString('latin1');
      return;
    }
    const head = this.#head + chunk.toString('latin1', 0, end);
    const bytes = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    this.#head = '';
    this.#left = bytes - (chunk.length - end - HEAD_END.length);
    this.#answer = {
      status: Number(head.slice(9, 12)),
      bytes,
      last: /connection: close/i.test(head),
    };
  }
}
