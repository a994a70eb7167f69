/** Words by their place, each held once. */
export class Dictionary<Word> {
  readonly #places: Map<Word, number>;
  readonly #words: Word[];

  constructor(words: readonly Word[] = []) {
    this.#words = [...words];
    this.#places = new Map(words.map((word, place) => [word, place]));
  }

  get words(): readonly Word[] {
    return this.#words;
  }

  /** Where the word is; it is added when it is new. */
  place(word: Word): number {
    const known = this.#places.get(word);
    if (known !== undefined) {
      return known;
    }
    this.#places.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }

  /** @throws RangeError when there is no such place. */
  word(place: number): Word {
    const word = this.#words[place];
    if (word === undefined) {
      throw new RangeError('no such place');
    }
    return word;
  }
}
