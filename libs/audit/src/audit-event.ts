/**
 * - `unknown` – begun; how it ended was not written (the process died, or Redis was away).
 * - `done` – it was done.
 * - `refused` – the input was at fault, nothing was changed.
 * - `denied` – the actor may not do this, or is nobody we know.
 * - `failed` – something broke; it may be done in part.
 */
export const AUDIT_RESULTS = ['unknown', 'done', 'refused', 'denied', 'failed'] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

/** Who wants to do what, to what. */
export interface AuditDraft {
  /** The subject of the operator's token; null: nobody was recognised. */
  readonly actor: string | null;
  readonly role: string | null;
  /** The mutation's name. */
  readonly action: string;
  /** A kind, or a kind and an id: `watchlist:wl_1`, `domain:example.com`. Nothing else is written. */
  readonly target: string | null;
  /** Names of the fields that were given, such as `input.name`; never what they held. */
  readonly fields: readonly string[];
}

/** What is kept. There is no place in it for a value of the input. */
export interface AuditEvent {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  readonly result: AuditResult;
  /** Field names, separated by a comma and a space. */
  readonly detail: string;
}

const NOBODY = '-';
const ODD = '?';
const ACTOR_LENGTH = 200;
const MOST_FIELDS = 50;
const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Without slash, query or equals sign, no URL and no padded secret fits. */
const TARGET = /^[A-Za-z][A-Za-z0-9]{0,39}(?::[\w.:-]{1,260})?$/;
const FIELD = /^[A-Za-z0-9_]{1,64}(?:\.[A-Za-z0-9_]{1,64}){0,7}$/;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Makes an event of a draft: what does not look as it must becomes `?`. */
export function eventOf(
  draft: AuditDraft,
  { id, at, result }: Pick<AuditEvent, 'id' | 'at' | 'result'>,
): AuditEvent {
  return {
    id,
    at,
    actor: draft.actor === null ? NOBODY : line(draft.actor),
    role: draft.role === null ? NOBODY : matching(draft.role, WORD),
    action: matching(draft.action, WORD),
    target: draft.target === null ? NOBODY : matching(draft.target, TARGET),
    result,
    detail: detailOf(draft.fields),
  };
}

/** The same text for the same actor as an event has, so that a filter finds it. */
export function actorText(actor: string): string {
  return line(actor);
}

function detailOf(fields: readonly string[]): string {
  const names = fields.slice(0, MOST_FIELDS).map((field) => matching(field, FIELD));
  return [...names, ...(fields.length > MOST_FIELDS ? ['…'] : [])].join(', ');
}

function matching(text: string, pattern: RegExp): string {
  return pattern.test(text) ? text : ODD;
}

function line(text: string): string {
  const clean = text.slice(0, ACTOR_LENGTH).toWellFormed().replaceAll(UNSEEN, ' ').trim();
  return clean === '' ? ODD : clean;
}
