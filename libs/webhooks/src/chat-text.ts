import type { ChangeFact, Message } from './change-event.js';
import { plainText } from './plain-text.js';

/** A message for people: what happened, in lines that no chat turns into links or mentions. */
export interface ChatText {
  readonly title: string;
  readonly lines: readonly string[];
  /** The only thing that may be a link; null for none. */
  readonly link: string | null;
}

const KIND_WORDS: Readonly<Record<ChangeFact['kind'], string>> = {
  ADDED: 'New',
  ENDED: 'Ended',
  RETURNED: 'Returned',
  BACKFILLED: 'Learned late',
};
const MOST_LINES = 10;
const VALUE_LENGTH = 120;
const MOST_LISTS = 5;
const LIST_LENGTH = 60;

export function chatText(message: Message): ChatText {
  if (message.kind === 'test') {
    const lines = ['This webhook works: changes in watched DNS history will be told here.'];
    return { title: 'Test of a webhook', lines, link: null };
  }
  const { changes, omitted, observable, watchlists } = message;
  const shown = changes.slice(0, MOST_LINES);
  const more = changes.length - shown.length + omitted;
  return {
    title: `DNS history of ${defanged(observable.value, VALUE_LENGTH)} changed`,
    lines: [
      ...shown.map(changeLine),
      ...(more > 0 ? [`… and ${more} more`] : []),
      ...(watchlists.length > 0 ? [`Watchlists: ${listNames(watchlists)}`] : []),
    ],
    link: message.link,
  };
}

/**
 * Text of others as one line that no chat makes a link, mention or mail address of. The marks are
 * those that the import of watchlists reads back.
 */
export function defanged(text: string, length: number): string {
  return plainText(text, length)
    .replaceAll('://', '[://]')
    .replaceAll(/[.\u3002\uff0e\uff61]/g, '[.]')
    .replaceAll(/[@\uff20]/g, '[@]');
}

function changeLine({ kind, recordType, value, firstSeen, lastSeen }: ChangeFact): string {
  const days = kind === 'ENDED' ? day('last seen', lastSeen) : day('first seen', firstSeen);
  return `${KIND_WORDS[kind]}: ${recordType} ${defanged(value, VALUE_LENGTH)}${days}`;
}

function day(words: string, date: string | null): string {
  return date === null ? '' : ` (${words} ${date})`;
}

function listNames(lists: readonly { readonly name: string }[]): string {
  const names = lists.slice(0, MOST_LISTS).map(({ name }) => defanged(name, LIST_LENGTH));
  const more = lists.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
