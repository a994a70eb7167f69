/** Control and format characters (bidi overrides, zero-width), line separators, lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * Text without characters that steer a terminal or a page: each run of them becomes one space, at
 * the ends nothing. Ordinary spaces stay as they are.
 */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (run, at: number) =>
    at === 0 || at + run.length === text.length ? '' : ' ',
  );
}

/** The first `length` characters; never half of a surrogate pair. */
export function cut(text: string, length: number): string {
  return Array.from(text.slice(0, 2 * length))
    .slice(0, length)
    .join('');
}
