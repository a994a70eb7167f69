import { createHash } from 'node:crypto';

import type { ChangeEvent, ChangeFact, ListName, Message } from './change-event.js';
import { plainText } from './plain-text.js';
import type { Webhook } from './webhook.js';

/** UTF-8 bytes of changes in one message; receivers are asked to take 20 KiB (Standard Webhooks). */
const MOST_CHANGE_BYTES = 12_000;
/** UTF-16 units of a value; a TXT record may have 64 KiB. */
const VALUE_LENGTH = 2_000;
const MOST_LISTS = 20;
const LIST_NAME_LENGTH = 100;
const ID_LENGTH = 22;

/**
 * The lists for whose sake a webhook is told: those it asks for and that are not muted. None: it is
 * not told.
 */
export function concerned(webhook: Webhook, event: ChangeEvent): readonly ListName[] {
  const { enabled, watchlistIds } = webhook;
  return event.watchlists
    .filter(({ id, muted }) => enabled && !muted && wants(watchlistIds, id))
    .map(({ id, name }) => ({ id, name }));
}

/** Tells the changes, as many as fit, in their order. */
export function messageOf(
  event: ChangeEvent,
  changes: readonly ChangeFact[],
  lists: readonly ListName[],
): Message {
  const told = fitting(changes.map(shortened));
  return {
    kind: 'changed',
    at: Math.max(...changes.map(({ detectedAt }) => detectedAt)),
    observable: event.observable,
    link: event.link,
    changes: told,
    omitted: changes.length - told.length,
    watchlists: lists
      .slice(0, MOST_LISTS)
      .map(({ id, name }) => ({ id, name: plainText(name, LIST_NAME_LENGTH) })),
  };
}

/**
 * The id of a message, and of its delivery: the same for the same webhook and changes, in whatever
 * order and however often they are found. Without a dot, as the signature needs.
 */
export function messageId(webhookId: string, changeIds: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify([webhookId, ...changeIds.toSorted()]));
  return `msg_${digest.digest('base64url').slice(0, ID_LENGTH)}`;
}

function wants(watchlistIds: readonly string[], id: string): boolean {
  return watchlistIds.length === 0 || watchlistIds.includes(id);
}

function shortened(change: ChangeFact): ChangeFact {
  const { id, kind, recordType, firstSeen, lastSeen, detectedAt } = change;
  const value =
    change.value.length <= VALUE_LENGTH
      ? change.value
      : `${change.value.slice(0, VALUE_LENGTH).toWellFormed()}…`;
  return { id, kind, recordType, value, firstSeen, lastSeen, detectedAt };
}

function fitting(changes: readonly ChangeFact[]): readonly ChangeFact[] {
  let bytes = 0;
  const end = changes.findIndex((change) => {
    bytes += Buffer.byteLength(JSON.stringify(change));
    return bytes > MOST_CHANGE_BYTES;
  });
  // A single one always fits: a value's characters are written with six bytes at most.
  return end < 0 ? changes : changes.slice(0, Math.max(1, end));
}
