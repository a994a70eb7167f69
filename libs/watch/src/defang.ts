/** Stand-ins for a dot, with a few spaces around as some write them. Bounded, so matching is linear. */
const DOT = / {0,2}[[({<](?:\.|dot|punkt|\[\.\])[\])}>] {0,2}|\\\./gi;
const COLON = / {0,2}[[({<](?::|colon)[\])}>] {0,2}/gi;
const AT = / {0,2}[[({<](?:@|at)[\])}>] {0,2}/gi;
const SLASHES = /[[({<]:?\/\/[\])}>]/g;
const SCHEME = /\b(?:h(?:xx|tt|\*\*|XX)p|hxtp|htxp)(s?)(?=[:[({]|\/\/)/gi;

/** Text as it was before somebody made its values safe to click: `hxxp://`, `[.]`, `(dot)`, `[:]`. */
export function refang(text: string): string {
  return text
    .replace(SLASHES, (found) => (found.includes(':') ? '://' : '//'))
    .replace(DOT, '.')
    .replace(COLON, ':')
    .replace(AT, '@')
    .replace(SCHEME, 'http$1');
}
