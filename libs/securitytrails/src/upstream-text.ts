import type { UpstreamText } from './errors.js';
import { cut, plainText } from './plain-text.js';
import { redact } from './redact.js';

const MAX_SHOWN = 200;
/** As much of a body as an excerpt is drawn from; a whole one may have megabytes. */
const MAX_READ = 65_536;
const MARKUP = /^\s*</;

/** What upstream wrote in an answer that is no data, made safe to show (securitytrails-api 1.6). */
export function upstreamText(
  answer: { text: string; contentType: string },
  apiKey: string,
): UpstreamText {
  const body = isPage(answer) ? '(HTML page)' : excerpt(answer.text, apiKey);
  const message = messageIn(answer.text);
  return { body, message: message === undefined ? body : excerpt(message, apiKey) };
}

function isPage(answer: { text: string; contentType: string }): boolean {
  return answer.contentType.includes('text/html') || MARKUP.test(answer.text.slice(0, MAX_READ));
}

/** Control characters go first: a key interspersed with them would be whole again afterwards. */
function excerpt(text: string, apiKey: string): string {
  const shown = plainText(text.slice(0, MAX_READ));
  return cut(redact(shown, plainText(apiKey)), MAX_SHOWN);
}

function messageIn(text: string): string | undefined {
  if (text.length > MAX_READ) {
    return undefined;
  }
  try {
    const json: unknown = JSON.parse(text);
    const message =
      typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
