const MARKER = '<!-- configuration -->';

/**
 * The text with another table between its two markers.
 *
 * @throws RangeError unless there are exactly two markers.
 */
export function withConfiguration(readme: string, table: string): string {
  const parts = readme.split(MARKER);
  if (parts.length !== 3) {
    throw new RangeError(`The README must have ${MARKER} twice`);
  }
  return [parts[0], `\n\n${table}\n\n`, parts[2]].join(MARKER);
}
