/** Most UTF-16 units of CTIM's texts: an emoji counts two (ctim 2). */
export const LIMITS = { short: 1_024, medium: 2_048, long: 5_000 } as const;

/** Marks a text that was cut; one UTF-16 unit. */
const ELLIPSIS = '…';

/** The text in at most `max` UTF-16 units, no character cut in half, its end marked when it is cut. */
export function clip(text: string, max: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= max) {
    return whole;
  }
  const room = max - ELLIPSIS.length;
  const splitsPair = isHighSurrogate(whole.charCodeAt(room - 1));
  return whole.slice(0, splitsPair ? room - 1 : room) + ELLIPSIS;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
