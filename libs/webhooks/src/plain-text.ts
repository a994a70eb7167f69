/** What a terminal or a chat would obey rather than show: controls, and marks that reorder text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** One line of well-formed Unicode of at most so many UTF-16 units. Linear in its length. */
export function plainText(text: string, length: number): string {
  const line = text
    .slice(0, length * 4)
    .toWellFormed()
    .replaceAll(UNSEEN, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
}

/** Two names that read the same fold to one text; names are compared by it. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
