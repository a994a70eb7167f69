const MARK = '[redacted]';

/**
 * The text without any occurrence of the key: as it is, as JSON writes it, and as a URL writes it.
 * The only place where upstream's words and the key meet.
 */
export function redact(text: string, apiKey: string): string {
  if (apiKey === '') {
    return text;
  }
  const spellings = new Set([
    apiKey,
    JSON.stringify(apiKey).slice(1, -1),
    encodeURIComponent(apiKey.toWellFormed()),
  ]);
  return [...spellings].reduce((rest, spelling) => rest.replaceAll(spelling, MARK), text);
}
