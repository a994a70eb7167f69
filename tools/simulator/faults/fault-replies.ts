import { errorReply, JSON_TYPE, jsonReply, type Reply } from '../vendor/reply.js';
import type { FaultRule } from './fault-rule.js';

const ERROR_PAGE =
  '<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

function customReply(status: number, body: unknown): Reply {
  if (typeof body !== 'string') {
    return jsonReply(status, body);
  }
  const looksLikeJson = /^\s*[[{]/.test(body);
  return {
    status,
    body: Buffer.from(body),
    contentType: looksLikeJson ? JSON_TYPE : undefined,
  };
}

/** The answer of a `status` fault. */
export function statusReply({ status = 500, body }: FaultRule): Reply {
  return body === undefined ? errorReply(status) : customReply(status, body);
}

/** An error page of a gateway, sent as a success unless the rule says otherwise. */
export function htmlReply({ status = 200, body }: FaultRule): Reply {
  const text = typeof body === 'string' ? body : ERROR_PAGE;
  return { status, body: Buffer.from(text), contentType: 'text/html; charset=utf-8' };
}

/** JSON, but with other types in every field the caller reads. */
export function shapeReply({ status = 200, body }: FaultRule): Reply {
  const strange = { records: { first: 'one' }, pages: 'many', record_count: '1', meta: [] };
  return body === undefined ? jsonReply(status, strange) : customReply(status, body);
}

/** The usual answer, cut so that no parser can read it, with a length that fits. */
export function malformedReply({ body }: FaultRule, usual: Reply): Reply {
  if (typeof body === 'string') {
    return { ...usual, body: Buffer.from(body) };
  }
  return { ...usual, body: Buffer.concat([usual.body.subarray(0, -1), Buffer.from(',,')]) };
}
