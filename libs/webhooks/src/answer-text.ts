import { plainText } from './plain-text.js';

/** UTF-16 units of an answer that are kept. */
const KEPT = 200;
/** A part of a URL that is as long as this may be what lets anyone post there. */
const SECRET_LENGTH = 6;

/**
 * A receiver's words about its refusal, short and on one line. Parts of its own URL are left out:
 * many error pages repeat the path, and in a chat's URL that is the key.
 */
export function answerText(answer: string, url: string): string {
  const parts = partsOf(url);
  const clean = parts.reduce((text, part) => text.replaceAll(part, '…'), answer);
  return plainText(clean, KEPT);
}

function partsOf(url: string): readonly string[] {
  const { pathname, search } = new URL(url);
  const written = `${pathname}${search}`.split(/[/?&=]/);
  return written
    .flatMap((part) => [part, decoded(part)])
    .filter((part) => part.length >= SECRET_LENGTH)
    .toSorted((one, other) => other.length - one.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
