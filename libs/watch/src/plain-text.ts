/** What a terminal or a log would obey rather than show: controls, and marks that reorder text. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** One line of well-formed Unicode, without white space around it. Linear in its length. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, ' ').trim();
}

/** Two names that read the same fold to one text; names are compared by it. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
