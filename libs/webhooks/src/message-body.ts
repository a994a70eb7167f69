import type { Message } from './change-event.js';
import type { ChatText } from './chat-text.js';
import { chatText } from './chat-text.js';
import type { WebhookFormat } from './webhook.js';

/** UTF-16 units. */
const MOST_TEXT = 2_000;

/** What is sent, as JSON text: the same bytes for the same message. */
export function messageBody(message: Message, format: WebhookFormat): string {
  return JSON.stringify(bodyOf(message, format));
}

function bodyOf(message: Message, format: WebhookFormat): unknown {
  switch (format) {
    case 'STANDARD':
      return standardBody(message);
    case 'SLACK':
      return slackBody(chatText(message));
    case 'WEBEX':
      return webexBody(chatText(message));
    case 'TEAMS':
      return teamsBody(chatText(message));
  }
}

/** Standard Webhooks 1.0: `type`, `timestamp`, `data`. */
function standardBody(message: Message): unknown {
  const timestamp = instant(message.at);
  if (message.kind === 'test') {
    return { type: 'webhook.test', timestamp, data: {} };
  }
  const { observable, link, changes, omitted, watchlists } = message;
  const told = changes.map((change) => ({ ...change, detectedAt: instant(change.detectedAt) }));
  const data = { observable, link, changes: told, omitted, watchlists };
  return { type: 'watchlist.observable.changed', timestamp, data };
}

/**
 * Slack's incoming webhook. `plain_text` is shown as it is; only the link, whose three control
 * characters are escaped, and the notice on a phone (`text`) are read for mark-up.
 */
function slackBody({ title, lines, link }: ChatText): unknown {
  const shown = { type: 'plain_text', text: shownText(title, lines), emoji: false };
  const target = slackEscaped(link ?? '').replaceAll('|', '%7C');
  const button = { type: 'mrkdwn', text: `<${target}|Details>` };
  return {
    text: slackEscaped(title),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'section', text: shown },
      ...(link === null ? [] : [{ type: 'section', text: button }]),
    ],
  };
}

/** Slack takes 3,000 characters in a block, Webex 7,439 bytes in all. */
function shownText(title: string, lines: readonly string[]): string {
  return [title, ...lines].join('\n').slice(0, MOST_TEXT).toWellFormed();
}

function slackEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Webex's incoming webhook. `text` is not read for mark-up, as `markdown` would be. */
function webexBody({ title, lines, link }: ChatText): unknown {
  const shown = shownText(title, lines);
  return { text: link === null ? shown : `${shown}\n${link}` };
}

/**
 * What a Teams workflow takes: an adaptive card. The runs of a `RichTextBlock` are shown as they
 * are, where a `TextBlock` would be read for Markdown and for `{{DATE(…)}}`.
 */
function teamsBody({ title, lines, link }: ChatText): unknown {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [textRun(title, { weight: 'Bolder' }), ...lines.map((line) => textRun(line, {}))],
    ...(link === null
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Details', url: link }] }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

function textRun(text: string, style: Readonly<Record<string, string>>): unknown {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
