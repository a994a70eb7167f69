const REDACTED = '[redacted]';
/** A shorter text is too likely to be part of an innocent word or of the line's own syntax. */
const SHORTEST_SECRET = 6;
/** A run of what JWTs are made of. Taken whole, because looking for one inside is quadratic. */
const JWT_RUN = /[\w.-]{16,}/g;
/** A JWT's header always begins with `{"`, which base64url makes `eyJ`. */
const JWT_START = 'eyJ';
const BEARER = /(bearer\s+)[\w~+/.=-]+/gi;
const LOGIN_END = '@';
const URL_LOGIN = /(:\/\/)[^/\s@"']+@/g;

const secrets = new Set<string>();

/**
 * Makes {@link redact} hide a text wherever it occurs. For the few secrets of the configuration, not
 * for what callers send: the set lives as long as the process. Texts under 6 characters are ignored.
 */
export function registerSecret(value: string): void {
  if (value.length >= SHORTEST_SECRET) {
    secrets.add(value);
    secrets.add(JSON.stringify(value).slice(1, -1));
    secrets.add(encodeURIComponent(value));
  }
}

/** The text without registered secrets, JWTs, bearer tokens and logins in URLs. Linear in its length. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, REDACTED);
  }
  // Nearly all lines have none of these, and looking for a text is far cheaper than for a pattern.
  if (clean.includes(JWT_START)) {
    clean = clean.replace(JWT_RUN, withoutJwt);
  }
  if (clean.includes(LOGIN_END)) {
    clean = clean.replace(URL_LOGIN, `$1${REDACTED}@`);
  }
  return clean.replace(BEARER, `$1${REDACTED}`);
}

function withoutJwt(run: string): string {
  const start = run.indexOf(JWT_START);
  return start >= 0 && run.includes('.', start) ? run.slice(0, start) + REDACTED : run;
}
